import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.chunks import divide
from documents.pipeline.analysis.evidence import quotes
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.verification import verify

TEXT = (
    "The quay wall moved by three centimeters in March. Maria Lopez must send the survey to "
    "the insurer by 20 March 2026. The council is very pleased with the quick repair."
)
MOVED = "The quay wall moved by three centimeters"
SEND = "Maria Lopez must send the survey to the insurer"
PLEASED = "The council is very pleased with the quick repair"
INVENTED = "The unicorns have moved into the lighthouse"


def evidence(*quotes):
    return [{"page": 1, "quote": quote} for quote in quotes]


def verified(**claims):
    nothing = {"key_points": [], "summary": [], "topics": [], "action_items": []}
    neutral = {"label": "neutral", "evidence": []}
    answer = answers.ChunkAnswer.model_validate(
        {"language": "en", **nothing, "sentiment": neutral, **claims}
    )
    pages = [SourcePage(1, TEXT)]
    return verify(answer, divide(pages, 24_000)[0], quotes.index(pages))


def task(**changes):
    claim = {"task": "Send the survey.", "evidence": evidence(SEND), **changes}
    [item] = verified(action_items=[claim]).actionable_items
    return item


def test_a_claim_with_a_verbatim_quote_is_kept_with_it():
    findings = verified(key_points=[{"text": "It moved.", "evidence": evidence(MOVED)}])
    [point] = findings.key_points
    assert (point.text, point.evidence[0].quote) == ("It moved.", MOVED)
    assert findings.unverified == []


def test_a_claim_keeps_the_importance_its_model_gave_it():
    claim = {"text": "It moved.", "evidence": evidence(MOVED), "importance": 5}
    assert verified(key_points=[claim]).key_points[0].importance == 5
    assert task(importance=1).importance == 1


def test_a_claim_without_one_is_set_aside_with_what_was_quoted():
    claim = {"text": "Unicorns came.", "evidence": evidence(INVENTED)}
    findings = verified(key_points=[claim])
    assert findings.key_points == []
    assert findings.unverified == [
        {"kind": "key_point", "text": "Unicorns came.", "quotes": [INVENTED]}
    ]


def test_a_close_quote_alone_does_not_verify_a_claim():
    slip = "The quay wall moved by three centimetres"
    findings = verified(key_points=[{"text": "It moved.", "evidence": evidence(slip)}])
    assert findings.key_points == []
    [aside] = findings.unverified
    assert [each["match"] for each in aside["evidence"]] == ["close"]
    assert aside["evidence"][0]["quote"].startswith(MOVED)


@pytest.mark.parametrize(
    "label", ["p. 3: {}", "Page 3 – {}", "[Seite 3] {}", "{} (p. 3)", "[[PAGE 1]] {}"]
)
def test_a_page_named_within_a_quote_is_no_part_of_it(label):
    claim = {"text": "It moved.", "evidence": evidence(label.format(MOVED))}
    [point] = verified(key_points=[claim]).key_points
    assert [(each.quote, each.match) for each in point.evidence] == [(MOVED, "verbatim")]


def test_words_that_the_page_has_are_no_label():
    text = "Page 3: the quay wall moved by three centimeters."
    pages = [SourcePage(1, text)]
    claim = {"text": "It moved.", "evidence": evidence(text)}
    answer = answers.ChunkAnswer.model_validate(
        {"language": "en", "key_points": [claim], "summary": [], "topics": [], "action_items": [],
         "sentiment": {"label": "neutral"}}
    )  # fmt: skip
    [point] = verify(answer, divide(pages, 24_000)[0], quotes.index(pages)).key_points
    assert point.evidence[0].quote == text


def test_an_invented_quote_beside_a_real_one_is_not_shown():
    claim = {"text": "It moved.", "evidence": evidence(INVENTED, MOVED, MOVED)}
    [point] = verified(key_points=[claim]).key_points
    assert [each.quote for each in point.evidence] == [MOVED]


def test_every_kind_of_claim_is_set_aside_the_same_way():
    invented = evidence(INVENTED)
    findings = verified(
        topics=[{"label": "unicorns", "evidence": invented}],
        sentiment={"label": "positive", "rationale": "Joy.", "evidence": invented},
        action_items=[{"task": "Feed them.", "evidence": invented}],
    )
    assert [(each["kind"], each["text"]) for each in findings.unverified] == [
        ("topic", "unicorns"),
        ("sentiment", "positive: Joy."),
        ("action_item", "Feed them."),
    ]
    assert findings.sentiment.label == "not_assessed"
    assert not findings.topics
    assert not findings.actionable_items


def test_a_tone_with_a_quote_is_kept():
    tone = {
        "label": "positive",
        "score": 0.8,
        "rationale": "Pleased.",
        "evidence": evidence(PLEASED),
    }
    assert verified(sentiment=tone).sentiment.label == "positive"


def test_a_neutral_tone_needs_no_quote_but_says_nothing_either():
    tone = {"label": "neutral", "rationale": "Because I say so.", "evidence": []}
    assert (
        verified(sentiment=tone).sentiment.label,
        verified(sentiment=tone).sentiment.rationale,
    ) == (
        "neutral",
        "",
    )


def test_a_sentence_of_the_summary_falls_with_a_point_it_rests_on():
    findings = verified(
        key_points=[
            {"text": "It moved.", "evidence": evidence(MOVED)},
            {"text": "Unicorns came.", "evidence": evidence(INVENTED)},
        ],
        summary=[
            {"text": "The wall moved.", "sources": [1]},
            {"text": "Unicorns moved it.", "sources": [1, 2]},
            {"text": "Nobody knows why.", "sources": []},
            {"text": "It was long ago.", "sources": [9]},
        ],
    )
    assert [sentence.text for sentence in findings.summary] == ["The wall moved."]
    assert sum(each["kind"] == "summary" for each in findings.unverified) == 3


def test_a_summary_that_fell_is_replaced_by_the_points_that_stand():
    findings = verified(
        key_points=[{"text": "It moved.", "evidence": evidence(MOVED)}],
        summary=[{"text": "All is lost.", "sources": []}],
    )
    assert [sentence.text for sentence in findings.summary] == ["It moved."]


def test_a_task_keeps_the_name_and_date_that_are_in_the_document():
    item = task(assignee="Maria Lopez", due_text="by 20 March 2026", due_date="2026-03-20")
    assert (item.assignee, item.due_text, item.due_date) == (
        "Maria Lopez",
        "by 20 March 2026",
        "2026-03-20",
    )


def test_a_task_loses_a_name_and_a_date_that_are_not():
    item = task(assignee="John Smith", due_text="by 31 May 2026", due_date="2026-05-31")
    assert (item.assignee, item.due_text, item.due_date) == (None, None, None)


@pytest.mark.parametrize("due_date", ["2026-03-21", "2027-03-20", "soon", "2026-02-30", "", None])
def test_the_date_is_the_one_that_is_written_whatever_the_model_makes_of_it(due_date):
    assert task(due_text="by 20 March 2026", due_date=due_date).due_date == "2026-03-20"


def test_a_date_without_a_written_year_is_left_out():
    assert task(due_text="20 March", due_date="2026-03-20").due_date is None


@pytest.mark.parametrize(
    ("said", "kept"), [("en", "en"), ("EN-us", "en"), ("English", None), ("", None)]
)
def test_the_language_is_a_code_or_unknown(said, kept):
    assert verified(language=said).language == kept


# Figures and orders


def test_a_number_that_no_quote_has_is_marked():
    claim = {"text": "It moved by 30 millimeters in 2026.", "evidence": evidence(MOVED)}
    [point] = verified(key_points=[claim]).key_points
    assert point.unquoted_numbers == ["30", "2026"]


def test_the_due_date_of_another_task_is_marked():
    assert task(due_text="by 20 March 2026").unquoted_numbers == ["20", "2026"]
    with_it = evidence("send the survey to the insurer by 20 March 2026")
    assert task(due_text="by 20 March 2026", evidence=with_it).unquoted_numbers == []


def test_a_summary_has_no_room_for_a_mark():
    claims = [{"text": "It moved by 30 millimeters.", "evidence": evidence(MOVED)}]
    told = [{"text": "It moved by 30 millimeters.", "sources": [1]}]
    findings = verified(key_points=claims, summary=told)
    assert ("summary", "It moved by 30 millimeters.") in [
        (claim["kind"], claim["text"]) for claim in findings.unverified
    ]
    assert findings.summary == []


def test_how_much_of_an_answer_fell_is_known():
    claims = [{"text": "It moved.", "evidence": evidence(quote)} for quote in (MOVED, INVENTED)]
    findings = verified(key_points=claims, topics=[{"label": "walls", "evidence": evidence(MOVED)}])
    assert findings.unverified_share == pytest.approx(1 / 3)
    assert findings.failed_quotes == [INVENTED]
    assert verified().unverified_share == 0
