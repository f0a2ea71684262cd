"""Estimates (ETA): when a document will be finished, as a range learnt from those before it."""
