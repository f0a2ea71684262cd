"""What laying out a page may cost, and what it must not bring to light."""

from __future__ import annotations

from tests.security.mutations.mutation import Fragment, Mutation

LAYOUT_TESTS = "tests/extraction/test_layout.py"
FORM_TESTS = "tests/extraction/test_forms.py"

LAYOUT = [
    Mutation(
        "a page of too many letters is not laid out",
        "PageTexts._placed",
        Fragment("textpage.count_chars() > character_boxes.MAX_GLYPHS", "False"),
        f"{LAYOUT_TESTS}::too_many_letters",
    ),
    Mutation(
        "a line of too many letters is not turned",
        "bidi._is_level",
        Fragment("len(line) > _MOST", "False"),
        "tests/extraction/test_bidi.py::more_letters_than_any",
    ),
    Mutation(
        "lines from right to left are told as they stand",
        "bidi._logical",
        Fragment(
            "_runs_from_right(kinds, *(cluster[0].char for cluster in (seen[0], seen[-1])))",
            "False",
        ),
        "tests/extraction/test_bidi.py::told_as_it_is_read",
    ),
    Mutation(
        "too many pieces of a page are not put in order",
        "reading_order.pieces",
        Fragment("len(runs) > MAX_RUNS", "False"),
        f"{LAYOUT_TESTS}::too_many_pieces",
    ),
    Mutation(
        "a row of too many cells is not compared",
        "bands._gaps",
        Fragment("any((len(row) > MAX_CELLS for row in rows))", "False"),
        f"{LAYOUT_TESTS}::too_many_cells",
    ),
    Mutation(
        "too many fields are not placed",
        "field_places.placed",
        Fragment("len(pieces) * len(filled) > MAX_COMPARISONS", "False"),
        f"{FORM_TESTS}::too_many_fields",
    ),
    Mutation(
        "fields that no screen shows are removed",
        "form_fields.fields_of",
        Fragment("is_widget and is_unseen", "False"),
        f"{FORM_TESTS}::no_screen_shows",
    ),
]
