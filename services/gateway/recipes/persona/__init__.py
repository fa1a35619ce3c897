"""The persona of a companion: what the text model is asked, and how its answer is read."""
