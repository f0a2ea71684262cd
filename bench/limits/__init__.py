"""What becomes of the service when somebody asks for much: bodies, long documents, hard text."""
