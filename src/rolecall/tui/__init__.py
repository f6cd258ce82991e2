"""The full-screen app: shows a Snapshot, and keeps it fresh."""
