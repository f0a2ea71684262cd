"""The text of a page in lines as wide as the window, and columns as they stand in the file."""

from __future__ import annotations

from documents.dashboard import highlights, reflow

PROSE = (
    "The quay wall was inspected on 12 February and\n"
    "needs repair before winter. The committee agreed\n"
    "that the survey shall be sent.\n"
    "Nobody spoke against it."
)
TABLE = "Item            Estimate\nSurvey          1,250.00\nNorthern pier  98,400.50"


def shown(text: str, *places: tuple[int, int]) -> list[reflow.Block]:
    return reflow.blocks(highlights.segments(text, places))


def words(block: reflow.Block) -> str:
    return "".join(segment.text for segment in block.segments)


def test_lines_of_a_paragraph_become_one_and_its_last_ends_it() -> None:
    [block] = shown(PROSE)
    assert words(block) == PROSE.replace("and\n", "and ").replace("agreed\n", "agreed ")


def test_columns_stay_as_they_are() -> None:
    prose, blank, table = shown(f"{PROSE}\n\n{TABLE}")
    assert (prose.is_columns, blank.is_blank, table.is_columns) == (False, True, True)
    assert words(table) == TABLE


def test_a_table_among_prose_stands_apart_with_tabs_as_wide_as_its_cells() -> None:
    rows = "Item\tSpent\nNorthern pier\t94,900.00"
    found = [block for block in shown(f"{PROSE}\n{rows}\n{PROSE}") if not block.is_blank]
    assert [block.is_columns for block in found] == [False, True, False]
    assert (words(found[1]), found[1].tab) == (rows, 16)


def test_items_of_a_list_keep_their_lines() -> None:
    items = "\n".join(
        f"{n}. The wall number {n} shall be looked at by the surveyor" for n in (1, 2)
    )
    assert [words(block) for block in shown(items)] == [items]


def test_verses_and_addresses_keep_their_lines() -> None:
    address = "Harbor office\nQuay Street 5\n12345 Portsmouth"
    assert [words(block) for block in shown(address)] == [address]


def test_a_script_without_spaces_gets_none() -> None:
    line = "港湾委員会は二月十二日に岸壁を検査し、" * 3 + "報告"
    [block] = shown(f"{line}\n{line}")
    assert words(block) == f"{line}\u200b{line}"


def test_places_hold_and_a_quote_over_two_blocks_is_linked_once() -> None:
    text = f"{PROSE}\n\n{TABLE}"
    start, end = text.index("Nobody"), text.index("Estimate")
    found = shown(text, (start, end))
    assert len("".join(map(words, found))) == len(text)
    marked = [segment for block in found for segment in block.segments if segment.is_quote]
    assert "".join(segment.text for segment in marked) == text[start:end]
    assert [segment.is_first for segment in marked] == [True, False, False]
