"""The body plans, by name."""
