import pytest

from documents.pipeline.analysis import ActionItem, Evidence, KeyPoint, Sentiment, Topic
from documents.pipeline.analysis.model.kinds import plain_kind
from documents.pipeline.analysis.model.merge import merge
from documents.pipeline.analysis.model.verification import ChunkFindings


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Purchase invoice", "invoice"), ("Protokoll der Sitzung", "minutes"),
     ("Mietvertrag", "contract"), ("poem", None), ("letter with an invoice", None), ("", None)],
)  # fmt: skip
def test_the_words_of_a_model_name_a_plain_kind_or_none(label, kind):
    assert plain_kind(label) == kind
    part = ChunkFindings(weight=1, language="en", kind=Topic(label, []))
    assert merge([part]).document_kind == kind


def seen(page):
    return Evidence(page, 0, 5, "words", "verbatim")


def part(weight=100, language="en", **findings):
    return ChunkFindings(weight=weight, language=language, **findings)


def tone(label, score=None, page=1):
    return Sentiment(label, score, f"It is {label}.", [seen(page)])


def task(text, page, **details):
    nothing = {"assignee": None, "due_text": None, "due_date": None, "priority": "unspecified"}
    return ActionItem(task=text, evidence=[seen(page)], **(nothing | details))


def test_nothing_merges_to_nothing():
    findings = merge([])
    assert findings.plain() == {
        "summary": "",
        "topics": [],
        "sentiment": "not_assessed",
        "actionable_items": [],
    }
    assert findings.language is None


def test_points_keep_the_order_of_the_document():
    first, second = KeyPoint("First.", [seen(1)]), KeyPoint("Second.", [seen(2)])
    assert merge([part(key_points=[first]), part(key_points=[second])]).key_points == [
        first,
        second,
    ]


def test_a_topic_is_listed_once_with_all_its_evidence():
    parts = [
        part(topics=[Topic("Insurance", [seen(1)]), Topic("Quay Wall", [seen(1)])]),
        part(topics=[Topic("quay wall", [seen(2)])]),
    ]
    wall, insurance = merge(parts).topics
    assert (wall.label, [e.page for e in wall.evidence]) == ("Quay Wall", [1, 2])
    assert insurance.label == "Insurance"


def test_a_task_said_twice_is_one_with_the_most_that_was_said():
    parts = [
        part(actionable_items=[task("Send the survey.", 1, assignee="Maria")]),
        part(
            actionable_items=[
                task("send the survey", 4, due_text="by 2 May 2026", due_date="2026-05-02"),
                task("Pay the bill.", 4, priority="low"),
            ]
        ),
        part(actionable_items=[task("Pay the bill", 5, priority="high")]),
    ]
    send, pay = merge(parts).actionable_items
    assert (send.assignee, send.due_text, send.due_date) == ("Maria", "by 2 May 2026", "2026-05-02")
    assert {e.page for e in send.evidence} == {1, 4}
    assert pay.priority == "high"


def test_a_task_in_slightly_other_words_is_the_same():
    parts = [
        part(actionable_items=[task("Send the survey to the insurer", 1, assignee="Maria")]),
        part(actionable_items=[task("Send survey to the insurer", 9)]),
        part(actionable_items=[task("Maria sends the insurer her survey", 1)]),
    ]
    [send] = merge(parts).actionable_items
    assert [evidence.page for evidence in send.evidence] == [1, 9]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (task("Pay invoice 12 of the builder", 1), task("Pay invoice 13 of the builder", 1)),
        (task("Sign the new contract", 1), task("Do not sign the new contract", 1)),
        (task("Send the survey", 1, assignee="Maria"), task("Send the survey", 2, assignee="Tom")),
        (task("Pay rent", 1, due_text="by 1 May"), task("Pay rent", 2, due_text="by 1 June")),
        (task("Maria sends the survey", 1), task("Tom calls the insurer", 1)),
    ],
)
def test_tasks_that_differ_in_what_matters_stay_apart(one, other):
    assert merge([part(actionable_items=[one, other])]).actionable_items == [one, other]


def test_a_point_reported_on_both_sides_of_a_cut_is_one():
    once = KeyPoint("The quay wall moved by three centimeters.", [seen(1)])
    again = KeyPoint("The quay wall has moved by three centimeters.", [seen(1)])
    elsewhere = KeyPoint("The quay wall had moved by three centimeters.", [seen(2)])
    parts = [part(key_points=[once]), part(key_points=[again, elsewhere])]
    assert merge(parts).key_points == [once, elsewhere]


def test_a_number_quoted_by_the_other_mention_is_no_longer_marked():
    marked = KeyPoint("It moved by 3 cm.", [seen(1)], unquoted_numbers=["3"])
    quoted = KeyPoint("It moved by 3 cm", [Evidence(2, 0, 4, "3 cm", "verbatim")])
    [point] = merge([part(key_points=[marked]), part(key_points=[quoted])]).key_points
    assert point.unquoted_numbers == []


def test_tasks_in_a_script_of_signs_alone_stay_apart():
    parts = [part(actionable_items=[task("→", 1), task("☎", 1)])]
    assert len(merge(parts).actionable_items) == 2


def test_summaries_follow_each_other_without_repeating():
    first = [KeyPoint("It moved.", [seen(1)]), KeyPoint("It held.", [seen(1)])]
    second = [KeyPoint("It moved!", [seen(2)]), KeyPoint("It rains.", [seen(2)])]
    findings = merge([part(summary=first), part(summary=second)])
    assert findings.summary == "It moved. It held. It rains."
    assert [e.page for e in findings.summary_sentences[0].evidence] == [1, 2]


def test_what_the_quotes_of_one_mention_bear_is_not_marked_by_those_of_the_other():
    marked = KeyPoint("It moved.", [seen(1)], support="partly", unsupported_words=["moved"])
    borne = KeyPoint("It moved", [seen(1)], support="supported")
    [point] = merge([part(key_points=[marked]), part(key_points=[borne])]).key_points
    assert (point.support, point.unsupported_words) == ("supported", [])


@pytest.mark.parametrize(
    ("tones", "merged"),
    [
        ([("positive", 900), ("negative", 100)], "positive"),
        ([("positive", 700), ("negative", 300)], "mixed"),
        ([("neutral", 700), ("negative", 300)], "neutral"),
        ([("mixed", 100), ("mixed", 100)], "mixed"),
        ([("mixed", 100), ("neutral", 900)], "neutral"),
        ([("not_assessed", 900), ("negative", 100)], "negative"),
        ([("not_assessed", 900)], "not_assessed"),
    ],
)
def test_the_tone_is_that_of_the_larger_share(tones, merged):
    parts = [part(weight=weight, sentiment=tone(label)) for label, weight in tones]
    assert merge(parts).sentiment.label == merged


def test_the_score_is_weighed_by_size():
    parts = [
        part(weight=300, sentiment=tone("positive", 0.8)),
        part(weight=100, sentiment=tone("positive", 0.4)),
        part(weight=999, sentiment=tone("positive", None)),
    ]
    assert merge(parts).sentiment.score == 0.7


def test_the_evidence_of_the_tone_is_of_that_tone():
    parts = [
        part(weight=900, sentiment=tone("positive", 0.5, page=1)),
        part(weight=100, sentiment=tone("neutral", 0, page=2)),
    ]
    assert [e.page for e in merge(parts).sentiment.evidence] == [1]


def test_the_language_is_that_of_most_of_the_text():
    assert merge([part(10, "en"), part(100, "fr"), part(20, "en"), part(999, None)]).language == (
        "fr"
    )


def test_what_was_not_verified_is_kept_aside():
    aside = {"kind": "topic", "text": "unicorns"}
    assert merge([part(unverified=[aside]), part()]).unverified == [aside]
