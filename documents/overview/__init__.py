"""Overview: what somebody's documents add up to, in figures and charts."""
