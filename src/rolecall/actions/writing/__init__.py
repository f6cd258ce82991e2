"""How a planned edit gets onto the disk, all at once or not at all, and how it is undone."""
