"""The uploaded files beside the database: whose they are, and what becomes of the unknown."""
