"""Hats, glasses, scarves and everything else that can be worn or held."""
