"""What a waiting document is told: its place in the queue, and why it does not move."""
