"""What is wrong, and what mends it: rules that make Findings of a Snapshot. Pure, as the core is."""
