"""What happens to one document between claim and completion."""
