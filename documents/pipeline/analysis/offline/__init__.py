"""The parts of the built-in engine: each reads the same sentences and knows no model."""
