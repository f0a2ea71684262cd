"""Retirement: which models are going to be switched off, as far as their provider has said."""

from __future__ import annotations

from datetime import date, timedelta

from atom_project import default_model
from documents.pipeline.analysis.model import prices

NOTICE = timedelta(weeks=8)  # before the day, from which on pages and doctor warn


def shutdown_date(model: str, listed: date | None = None) -> date | None:
    """The day it is switched off: as its provider lists it, or as it has announced."""
    return listed or prices.ends_of(model)


def in_words(model: str, listed: date | None = None) -> str:
    """What is known about the end of a model; empty for most."""
    day = shutdown_date(model, listed)
    if day is None:
        return ""
    who = "OpenAI" if prices.ends_of(model) else "Its provider"
    gone = "was" if day <= default_model.today() else "will be"
    return f"{who} has announced that {model} {gone} shut down on {day}."


def is_near(model: str, listed: date | None = None) -> bool:
    """Whether its end is so near, or past, that somebody has to act."""
    day = shutdown_date(model, listed)
    return day is not None and day - NOTICE <= default_model.today()
