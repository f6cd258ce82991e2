"""The files and variables, and how AWS tools read them. Pure: no network, no process, no write, no screen."""
