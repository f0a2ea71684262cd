"""What others do the same with; some in an interpreter of their own, see `make bench`."""
