"""How well documents are read: scores on labelled papers, kept apart from how fast."""
