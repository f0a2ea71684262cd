"""The built-in engine on labelled papers: kinds, facts, sentence ends and languages told right.

Run `python -m bench.quality.papers working` while rules are tuned; `held_out` is scored at the end.
`-v` names what went wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from documents.pipeline.analysis import Findings, SourcePage
from documents.pipeline.analysis.offline import language, sentence_boundaries
from documents.pipeline.analysis.offline.engine import OfflineEngine
from tests.analysis.papers import reading
from tests.analysis.papers.reading import Paper

FACTS = [
    "number", "seller", "sender", "date", "subject", "total", "due", "asked", "until", "parties",
    "term", "notice", "sums",
]  # fmt: skip


def findings(paper: Paper) -> Findings:
    engine = OfflineEngine()
    return engine.analyze(
        [SourcePage(1, paper.text)],
        language=None,
        ledger=None,  # type: ignore[arg-type]
        on_progress=lambda *_: None,
    )


def judged(paper: Paper, found: Findings) -> Iterator[tuple[str, str, str]]:
    """Each fact that is labelled, what became of it, and what was found."""
    for name in FACTS:
        wanted = paper.labelled(name)
        if wanted is None:
            continue
        values = [(fact.value, fact.normalized or "") for fact in found.facts if fact.name == name]
        yield name, _outcome(wanted, values), f"{values} for {wanted}"


def _outcome(wanted: list[str], values: list[tuple[str, str]]) -> str:
    if not values:
        return "missed" if wanted else "rightly none"
    if not wanted:
        return "invented"
    hits = [any(_is_same(each, value) for value in values) for each in wanted]
    return "right" if all(hits) and len(values) <= len(wanted) + 1 else "wrong"


def _is_same(wanted: str, value: tuple[str, str]) -> bool:
    text, normalized = value
    amount, _, currency = wanted.partition(" ")
    if currency.isupper() and len(currency) == 3:
        number, _, unit = normalized.partition(" ")
        return bool(number) and float(number) == float(amount) and unit == currency
    return wanted == normalized or wanted.casefold() in " ".join(text.split()).casefold()


def _score_papers(half: str) -> None:
    kinds: Counter[str] = Counter()
    outcomes: dict[str, Counter[str]] = {name: Counter() for name in FACTS}
    for paper in reading.papers(half):
        found = findings(paper)
        is_right = found.document_kind in paper.kinds
        kinds[f"{paper.kinds[0]} right" if is_right else f"{paper.kinds[0]} wrong"] += 1
        if not is_right:
            _tell(f"{paper.name}: read as {found.document_kind}, is {paper.labels['kind']}")
        for name, outcome, values in judged(paper, found):
            outcomes[name][outcome] += 1
            if outcome not in ("right", "rightly none"):
                _tell(f"{paper.name}: {name} {outcome}: {values}")
    right = sum(count for name, count in kinds.items() if name.endswith("right"))
    print(f"kinds: {right} of {kinds.total()}", dict(sorted(kinds.items())))
    for name, outcome_counts in outcomes.items():
        print(f"{name:10}", dict(sorted(outcome_counts.items())))


def _score_sentences(half: str) -> None:
    right = total = 0
    for code, parts in reading.sentences(half):
        text = " ".join(parts)
        spans = sentence_boundaries.spans(text, 0, len(text), code)
        divided = [text[start:end] for start, end in spans]
        right, total = right + (divided == parts), total + 1
        if divided != parts:
            _tell(f"{code}: {divided}")
    print(f"sentence ends: {right} of {total}")


def _score_languages(half: str) -> None:
    told = [(code, language.of_text(text)) for code, text in reading.spoken(half)]
    for code, found in told:
        if code != found:
            _tell(f"language {found}, is {code}")
    if told:
        print(f"languages: {sum(code == found for code, found in told)} of {len(told)}")


def _tell(wrong: str) -> None:
    if "-v" in sys.argv:
        print(wrong)


def main() -> None:
    for half in [each for each in sys.argv[1:] if not each.startswith("-")] or ["working"]:
        print(f"\n{half}")
        _score_papers(half)
        _score_sentences(half)
        _score_languages(half)


if __name__ == "__main__":
    main()
