"""Edits of the two files: planned line by line, proved by what AWS would read; nothing is written."""
