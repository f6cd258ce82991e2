"""What runs in a child process: all that calls AWS. Only ``rolecall.actions.worker_client`` starts it."""
