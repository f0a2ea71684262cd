"""Points and tasks of all chunks: ranked, capped, counted, and merged without losing a date."""

from hypothesis import given
from hypothesis import strategies as st

from documents.pipeline.analysis import ActionItem, Evidence, KeyPoint, SourcePage
from documents.pipeline.analysis.model.merge import merge
from documents.pipeline.analysis.model.ranking import with_most_important
from documents.pipeline.analysis.model.verifier import ChunkFindings


def seen(page):
    return [Evidence(page, 0, 5, "words", "verbatim")]


def point(text, importance=3, page=1, **details):
    return KeyPoint(text, seen(page), importance=importance, **details)


def task(text, page=1, **details):
    nothing = {"assignee": None, "due_text": None, "due_date": None, "priority": "unspecified"}
    return ActionItem(task=text, evidence=seen(page), **(nothing | details))


def part(**findings):
    return ChunkFindings(weight=100, language="en", **findings)


def texts(*parts):
    return [each.text for each in merge(parts).key_points]


def test_what_matters_most_comes_first_from_whatever_chunk():
    one = part(key_points=[point("A detail.", 1), point("The price.", 4)])
    other = part(key_points=[point("The deadline.", 5, page=2)])
    assert texts(one, other) == ["The deadline.", "The price.", "A detail."]


def test_among_equals_each_chunk_is_heard_before_one_is_heard_twice():
    one = part(key_points=[point("One a."), point("One b.")])
    other = part(key_points=[point("Two a.", page=2), point("Two b.", page=2)])
    assert texts(one, other) == ["One a.", "Two a.", "One b.", "Two b."]


def test_what_is_borne_out_in_part_makes_room_for_what_is_borne_out():
    doubtful = point("Perhaps so.", 4, support="partly", unsupported_words=["so"])
    assert texts(part(key_points=[doubtful, point("It is so.", 4)])) == ["It is so.", "Perhaps so."]


def test_tasks_with_a_deadline_and_urgent_ones_come_first():
    items = [task("Read."), task("Pay.", due_text="by May"), task("Call.", priority="low"),
             task("Leave.", priority="high", due_text="now")]  # fmt: skip
    merged = merge([part(actionable_items=items)]).actionable_items
    assert [item.task for item in merged] == ["Leave.", "Pay.", "Read.", "Call."]


def test_a_repeated_point_is_as_important_as_its_most_important_mention():
    one = part(key_points=[point("The wall moved.", 2)])
    other = part(key_points=[point("The wall moved", 5, page=9)])
    [both] = merge([one, other]).key_points
    assert (both.importance, {e.page for e in both.evidence}) == (5, {1, 9})


def test_few_are_shown_and_the_others_counted():
    many = part(
        key_points=[point(f"Point {n}.", page=n) for n in range(1, 20)],
        actionable_items=[task(f"Pay bill {n}", n) for n in range(1, 26)],
    )
    shown = with_most_important(merge([many]))
    assert (len(shown.key_points), len(shown.actionable_items)) == (7, 20)
    assert shown.left_out == {"key_points": 12, "actionable_items": 5}
    assert shown.as_json()["left_out"] == shown.left_out


def test_merging_loses_no_date_of_the_less_important_mention():
    one = task("Send the survey", 1, importance=5, assignee="Maria")
    other = task(
        "Send the survey", 4, importance=1, due_text="by 2 May 2026", due_date="2026-05-02"
    )
    [both] = merge([part(actionable_items=[one]), part(actionable_items=[other])]).actionable_items
    assert (both.assignee, both.due_text, both.due_date) == ("Maria", "by 2 May 2026", "2026-05-02")
    assert both.importance == 5


@given(st.permutations(range(6)))
def test_merging_loses_no_date_and_no_owner(order):
    """Whatever order chunks report in, each due date and owner said of a task is still there."""
    said = [
        task("Send the survey to the insurer", 1, assignee="Maria"),
        task("send the survey to the insurer", 4, due_text="by 2 May 2026", due_date="2026-05-02"),
        task("Send survey to the insurer", 4, due_text="by 9 May 2026", due_date="2026-05-09"),
        task("Send the survey to the insurer", 7, assignee="Tom"),
        task("Pay the bill", 5, due_text="soon"),
        task("Pay the bill", 6, due_text="by 1 June 2026", due_date="2026-06-01"),
    ]
    merged = merge([part(actionable_items=[said[place]]) for place in order]).actionable_items
    assert {item.due_date for item in merged} >= {"2026-05-02", "2026-05-09", "2026-06-01"}
    assert {item.due_text for item in merged} >= {item.due_text for item in said if item.due_text}
    assert {item.assignee for item in merged} >= {"Maria", "Tom"}
    for item in merged:
        for other in said:
            if item.due_text == other.due_text:
                assert item.due_date == other.due_date


def test_of_a_hundred_and_sixty_pages_seven_points_and_twenty_tasks_are_shown(analyze, model):
    pages = [
        SourcePage(
            n,
            f"On page {n} the committee notes matter {n * 7} at some length. "
            f"Officer number {n} must deliver report {n * 11} to the office. " + "Filler. " * 60,
        )
        for n in range(1, 161)
    ]
    findings = analyze(pages, chunk_tokens=1_700, deadline=20.0)
    # Five of each part; some parts are asked about twice, in halves the second time.
    chunks, rest = divmod(7 + findings.left_out["key_points"], 5)
    assert (chunks >= 9, rest) == (True, 0)
    assert (len(findings.key_points), len(findings.actionable_items)) == (7, 20)
    assert findings.left_out["actionable_items"] == 160 - 20
    assert len({each.evidence[0].page for each in findings.key_points}) == 7
