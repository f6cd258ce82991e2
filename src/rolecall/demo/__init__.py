"""A made-up home with every kind of profile and of trouble, and its own AWS: for trying rolecall safely."""
