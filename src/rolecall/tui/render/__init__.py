"""What the screen shows, as lines of plain spans: pure functions, which know no widget."""
