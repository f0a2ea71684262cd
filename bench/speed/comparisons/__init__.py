"""The comparisons of `make bench`, each a module with a title, an explanation and `compare`."""
