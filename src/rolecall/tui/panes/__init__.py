"""The tree and the four panes."""
