"""What a person sees of a page: nothing else is handed to whatever reads the document."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Mutation

PIXELS = "tests/extraction/test_pixels.py::"
SCANS = "tests/extraction/test_scanned_words.py::"
ENDS = "tests/extraction/test_looking_ends.py::"

SIGHT = [
    Mutation(
        "text that changes no pixel is left out",
        "verdicts._sort",
        Body("return None"),
        f"{PIXELS}nobody_sees",
    ),
    Mutation(
        "of a line under a bar the covered letters are left out",
        "visible_text.without_letters",
        Body("return text"),
        f"{PIXELS}under_a_bar",
    ),
    Mutation(
        "words on the margin of a scan are left out",
        "scanned_words._are_seen",
        Body("return [True] * len(words)"),
        f"{SCANS}blank_margin",
    ),
    Mutation("looking at pixels ends", "Budget.check", Body("pass"), f"{ENDS}without_time_left"),
]
