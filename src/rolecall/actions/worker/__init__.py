"""The worker: a child process for all calls to AWS. Only ``rolecall.actions.worker_client`` starts it."""
