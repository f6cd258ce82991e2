"""What is wrong, and how to fix it: rules that find Findings in a Snapshot. Pure, like the core."""
