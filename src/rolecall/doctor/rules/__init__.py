"""The rules, a subject each."""
