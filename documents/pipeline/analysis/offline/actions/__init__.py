"""Action items: what a document asks somebody to do, found by rules."""
