"""What runs in a child process: all that calls AWS. Started by ``rolecall.actions.child``, by nobody else."""
