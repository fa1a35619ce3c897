"""Templates: starting points for companions, those that are shipped and what one comes to."""
