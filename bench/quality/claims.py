"""Claims held against their quotes: how many spoiled ones are noticed, how many sound ones marked.

Run `python -m bench.quality.claims working` while the check is tuned; `held_out` is scored at the
end.
`-v` names what went wrong.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict

from documents.pipeline.analysis import Evidence, SourcePage
from documents.pipeline.analysis.chunks import divide
from documents.pipeline.analysis.evidence import quotes
from documents.pipeline.analysis.evidence.support.judge import Judgement
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.verification import verify
from tests.analysis.claims.reading import FAITHFUL, Claim, read

_WORST = ("negation_added", "negation_dropped", "outside", "number", "name", "date", "unit")


def outcome(claim: Claim) -> tuple[str, Judgement | None]:
    """What becomes of it: a support, `unquoted`, or `dropped` for a detail left out."""
    pages = [SourcePage(1, claim.paper.text)]
    found = quotes.index(pages)
    evidence = [place for quote in claim.quotes if (place := found.verify(quote, 1))]
    if not any(place.match == "verbatim" for place in evidence):
        return "unquoted", None
    if claim.owner or claim.due:
        return _outcome_of_task(claim, pages, found), None
    judgement = _judged(found, claim, evidence)
    return judgement.support, judgement


def _judged(found: quotes.Grounding, claim: Claim, evidence: list[Evidence]) -> Judgement:
    return found.judge(claim.text, evidence)


def _outcome_of_task(claim: Claim, pages: list[SourcePage], found: quotes.Grounding) -> str:
    quoted = [answers.Quote(page=1, quote=quote) for quote in claim.quotes]
    task = answers.ActionClaim(
        task=claim.text, assignee=claim.owner, due_text=claim.due, evidence=quoted
    )
    answer = answers.ChunkAnswer(
        language=claim.paper.language, key_points=[], summary=[], topics=[],
        sentiment=answers.SentimentClaim(label="neutral"), action_items=[task],
    )  # fmt: skip
    items = verify(answer, divide(pages, 24_000)[0], found).actionable_items
    if not items:
        return "dropped"
    [item] = items
    is_whole = (item.assignee, item.due_text) == (claim.owner, claim.due)
    return getattr(item, "support", "supported") if is_whole else "dropped"


def main() -> None:
    halves = [each for each in sys.argv[1:] if not each.startswith("-")] or ["working"]
    for half in halves:
        _print_table(half)


def _print_table(half: str) -> None:
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    began, claims = time.process_time(), list(read(half))
    for claim in claims:
        came_of_it, judgement = outcome(claim)
        for row in (claim.kind, f"({claim.paper.language})" if claim.kind == FAITHFUL else ""):
            if row:
                table[row][came_of_it] += 1
        if "-v" in sys.argv and _is_wrong(claim, came_of_it):
            print(
                f"{claim.kind:17}{came_of_it:14}{claim.text}  <<  {claim.quotes} {judgement or ''}"
            )
    columns = ["supported", "not_assessed", "partly", "contradicted", "unquoted", "dropped"]
    print(f"\n{half:18}" + "".join(f"{column:>14}" for column in columns))
    for kind in sorted(table, key=lambda kind: (kind[0] == "(", kind == FAITHFUL, kind)):
        print(f"{kind:18}" + "".join(f"{table[kind][column]:14}" for column in columns))
    spent = time.process_time() - began
    print(f"{1000 * spent / len(claims):.2f} ms a claim, its index and its quotes with it")
    _print_shares(table)


def _is_wrong(claim: Claim, came_of_it: str) -> bool:
    is_marked = came_of_it not in ("supported", "not_assessed")
    return is_marked == (claim.kind == FAITHFUL)


def _print_shares(table: dict[str, Counter[str]]) -> None:
    passed = ("supported", "not_assessed")
    spoiled = {kind: row for kind, row in table.items() if kind != FAITHFUL and kind[0] != "("}
    total = sum(row.total() for row in spoiled.values())
    missed = sum(row[each] for row in spoiled.values() for each in passed)
    worst = sum(spoiled[kind]["supported"] for kind in _WORST if kind in spoiled)
    sound = table[FAITHFUL]
    alarms = sound.total() - sum(sound[each] for each in passed)
    print(f"spoiled and noticed: {total - missed} of {total} ({(total - missed) / total:.1%})")
    print(f"of the worst kinds shown as supported: {worst}")
    print(f"faithful and marked: {alarms} of {sound.total()} ({alarms / sound.total():.1%})")


if __name__ == "__main__":
    main()
