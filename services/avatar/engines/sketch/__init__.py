"""The built-in illustrator: a layered vector portrait, composed from the description and a seed."""
