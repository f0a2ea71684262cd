"""API keys: bearer tokens of a person that stay, for programs that cannot log in every hour."""
