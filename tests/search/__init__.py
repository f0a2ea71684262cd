"""What is searched and found."""
