"""What the design promises of every look: quiet, discreet; and that pictures and docs are current."""
