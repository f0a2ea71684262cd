"""A defence taken out, and the test that has to notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    defence: str
    path: str
    line: str
    instead: str
    test: str  # file, and part of the name after `::`
