"""Entailment, as far as words show it: does a claim follow from its quotes?"""
