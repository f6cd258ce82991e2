"""The form of a profile: its fields, what is checked while one types, and the screen."""
