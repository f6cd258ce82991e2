"""Writing edits to the disk."""
