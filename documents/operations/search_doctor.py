"""Health checks of the search index: whether it has every document, and answers."""

from __future__ import annotations

from atom_project import paths
from documents import search
from documents.operations.checks import CheckResult, broken, good, warning

_REMEDY = f"Run {paths.command('reindex')}; it may run beside everything else."


def examine() -> CheckResult:
    """Needs a database that is up to date."""
    state = search.state()
    if state.damage:
        return broken(f"The search index is damaged: {state.damage}.", _REMEDY)
    if state.missing:
        return broken(f"{state.missing} documents are not in the search index.", _REMEDY)
    if state.waiting:
        return warning(
            f"{state.waiting} documents are still to be indexed; until then they are searched "
            "letter by letter, which is slower.",
            f"A worker does it by and by. To have it done at once: {_REMEDY}",
        )
    return good("The search index has every document.")
