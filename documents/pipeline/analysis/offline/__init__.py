"""The built-in engine, extractive and deterministic: its parts share sentences, not a model."""
