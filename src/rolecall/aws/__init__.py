"""What is there, and what AWS tools make of it. Pure: no network, no process, no write, no screen."""
