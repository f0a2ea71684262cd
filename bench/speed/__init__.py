"""How fast it is, beside what others do the same with. See docs/performance.md."""
