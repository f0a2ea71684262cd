"""Many documents to take away at once, with what was found in them."""
