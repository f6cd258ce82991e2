"""Edits of the two files."""
