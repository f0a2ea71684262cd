"""Prompt injection: phrasings that are noticed, and innocent sentences that are flagged.

`python -m bench.quality.injections working held_out`
"""

from __future__ import annotations

import sys

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import injection
from tests.analysis.injections import reading


def main(*halves: str) -> None:
    for half in halves or ("working",):
        orders, innocent = reading.orders(half), reading.innocent(half)
        missed = [f"{language} {text!r}" for language, text in orders if not is_flagged(text)]
        flagged = [text for text in innocent if is_flagged(text)]
        print(f"{half}: {len(orders) - len(missed)} of {len(orders)} phrasings are noticed")
        print(f"{half}: {len(flagged)} of {len(innocent)} innocent sentences are flagged")
        print(*(f"  missed   {line}" for line in missed), sep="\n")
        print(*(f"  flagged  {line}" for line in flagged), sep="\n")


def is_flagged(text: str) -> bool:
    return bool(injection.find([SourcePage(1, f"The wall moved.\n\n{text}\n\nIt held.")]))


if __name__ == "__main__":
    main(*sys.argv[1:])
