"""How a planned edit gets onto the disk, at one stroke or not at all, and how it is taken back."""
