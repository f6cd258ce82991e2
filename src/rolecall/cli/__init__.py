"""The command line: parses, asks the core, prints.

Nothing is imported here: the app starts through this package too, and must not wait for click.
"""
