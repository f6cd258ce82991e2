"""The way to an answer, in the order in which AWS itself decides: what is looked at, what is found."""
