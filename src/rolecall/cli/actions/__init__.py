"""The commands that act: each module is imported only when one of its commands is asked for."""
