"""A defence, how it is taken out, and the test that has to notice."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Body:
    """A function does this and nothing else."""

    instead: str


@dataclass(frozen=True)
class Value:
    """An assignment assigns this."""

    instead: str


@dataclass(frozen=True)
class Condition:
    """The one `if` that mentions this goes the same way always."""

    mentions: str
    _: KW_ONLY
    always: bool


@dataclass(frozen=True)
class Without:
    """Calls that are statements, decorators and elements of lists are gone if they mention this."""

    mentions: str


@dataclass(frozen=True)
class Added:
    """A module or class ends with this as well."""

    source: str


@dataclass(frozen=True)
class Fragment:
    """Text is replaced; of Python as `ast.unparse` writes it: unwrapped, in single quotes."""

    text: str
    instead: str


Change = Body | Value | Condition | Without | Added | Fragment


@dataclass(frozen=True)
class Mutation:
    defence: str
    # The qualified name of a function, class or assignment, or the name of a module, led by as
    # much of the module's path as tells it from others; or a file that is no Python.
    where: str | Path
    change: Change
    test: str  # file, and part of the name after `::`
