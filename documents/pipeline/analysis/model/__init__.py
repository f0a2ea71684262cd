"""A document read by a model: asked chunk by chunk, every claim verified."""
