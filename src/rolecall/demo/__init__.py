"""A made-up home with every kind of profile and of trouble, for trying rolecall safely."""
