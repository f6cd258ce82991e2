"""All that changes a file, starts a process or calls the network, once a key is pressed."""
