"""What was not read, and why: stamps, shells, damage and what is pinned to pages."""
