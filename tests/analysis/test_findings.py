import json
import subprocess
import sys

import pytest

from documents.pipeline.analysis import (
    ActionItem,
    Evidence,
    Findings,
    Flagged,
    KeyPoint,
    ModelServer,
    Sentiment,
    Topic,
    build_engine,
)

NOT_JUDGED = {
    "support": "not_assessed",
    "unsupported_words": [],
    "omitted_words": [],
    "is_asked_for": False,
    "second_look": None,
    "importance": None,
}
SEEN = Evidence(3, 120, 125, "words", "verbatim")


def findings():
    send = ActionItem(
        "Send the survey", "Maria Lopez", "by 20 March 2026", "2026-03-20", "high", [SEEN]
    )
    return Findings(
        summary="It moved.",
        key_points=[KeyPoint("It moved.", [SEEN], ["3"])],
        topics=[Topic("quay wall", [SEEN])],
        sentiment=Sentiment("mixed", 0.2, "Both.", [SEEN]),
        actionable_items=[send, ActionItem("Wait", None, None, None, "unspecified", [SEEN])],
        flagged=[Flagged(2, 0, 6, "Ignore")],
    )


def test_plain_words_say_who_and_when():
    assert findings().plain() == {
        "summary": "It moved.",
        "topics": ["quay wall"],
        "sentiment": "mixed",
        "actionable_items": ["Send the survey (Maria Lopez, by 20 March 2026)", "Wait"],
    }


def test_the_findings_carry_their_evidence():
    told = json.loads(json.dumps(findings().as_json()))
    seen = {"page": 3, "start": 120, "end": 125, "quote": "words", "match": "verbatim"}
    assert told["key_points"] == [
        {"text": "It moved.", "evidence": [seen], "unquoted_numbers": ["3"], **NOT_JUDGED}
    ]
    assert told["topics"] == [{"label": "quay wall", "evidence": [seen]}]
    assert told["sentiment"]["evidence"] == [seen]
    assert told["actionable_items"][0] == {
        "id": 1,
        "task": "Send the survey",
        "assignee": "Maria Lopez",
        "due_text": "by 20 March 2026",
        "due_date": "2026-03-20",
        "priority": "high",
        "done": False,
        "evidence": [seen],
        "unquoted_numbers": [],
        "due_from": None,
        **NOT_JUDGED,
    }
    assert told["unverified"] == []
    assert told["flagged"] == [
        {"page": 2, "start": 0, "end": 6, "quote": "Ignore", "reason": "instruction"}
    ]


def test_the_openai_engine_needs_a_server():
    with pytest.raises(ValueError, match="model server"):
        build_engine("openai")


def test_a_key_is_not_shown_with_the_server():
    assert "secret" not in repr(ModelServer("", "secret"))


def test_whoever_only_looks_at_findings_does_not_load_the_sdk_or_django():
    code = (
        "import sys, documents.pipeline.analysis;"
        "print({'openai', 'httpx2', 'django', 'pydantic'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_the_openai_engine_knows_no_django():
    code = (
        "import sys, documents.pipeline.analysis.model.engine;"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
