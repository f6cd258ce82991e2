"""What the keys do that change something: a class for each command, imported once the tree is there."""
