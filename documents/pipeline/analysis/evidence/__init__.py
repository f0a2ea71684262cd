"""Grounding: is what is claimed in the document, word for word?"""
