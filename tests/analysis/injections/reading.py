"""Reads phrasings that speak to a model, and sentences that only look so."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def orders(half: str) -> list[tuple[str, str]]:
    """Each phrasing of `working` or `held_out` with its language; hyphens may end its lines."""
    lines = (HERE / f"{half}.txt").read_text().splitlines()
    parted = (line.partition(" ") for line in lines)
    return [(language, text.replace("\\n", "\n")) for language, _, text in parted]


def innocent(half: str) -> list[str]:
    """Sentences of manuals, and some in the words of the phrasings, that tell a person things."""
    return (HERE / f"innocent_{half}.txt").read_text().splitlines()
