"""The built-in engine as a whole: grounded, deterministic, silent about nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.schema import SourcePage

from .offline_reading import analyze, evidence_of, labelled, pages

ROOT = Path(__file__).resolve().parents[2]

# Words in which the rules meet each other, beside whatever Hypothesis thinks of.
AWKWARD = (
    "Maria|will|send|please|by|31 March 2027|2026-02-30|ACTION:|TODO|[ ]|- |\n|\n\n|\r\n|\f|. |; "
    "|。|、|会議|م|؟|\u200b|\u0130|ß|e.g.|Owner | Task | Due|\t|   |(|)|“|…|!|?|1.|(a)|: |Let's"
    "|I'll|X|the|of|good|terrible|@|->|—|\ud7ff|😀|From: |Regards,|\x00"
)
FRAGMENTS = st.sampled_from(AWKWARD.split("|"))
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(FRAGMENTS, max_size=60).map(" ".join),
    st.lists(FRAGMENTS).map("".join),
)


@given(st.lists(TEXTS, max_size=5))
@example([])
@example(["", " \n "])
@example(["ACTION:!"])
@example(["İstanbul İstanbul will ask İpek. İPEK"])
@settings(max_examples=250, deadline=None)
def test_whatever_the_text_every_quote_is_the_pages_own(texts):
    findings = analyze(*texts)
    for evidence in evidence_of(findings):
        quote = texts[evidence.page - 1][evidence.start : evidence.end]
        assert evidence.quote == quote
        assert quote.strip()
        assert evidence.match == "verbatim"
    assert all(claim.evidence for claim in findings.key_points + findings.topics)
    assert all(action.evidence and action.task for action in findings.actionable_items)
    assert bool(findings.summary) == any(text.strip() for text in texts)


@pytest.mark.parametrize("text", ["budget", "?", "7", "会", "Thanks.", "-", "[ ]", "Page 1"])
def test_the_tiniest_text_is_its_own_summary(text):
    findings = analyze(text)
    assert findings.summary == text
    assert findings.key_points[0].evidence[0].quote == text


def test_an_empty_document_has_empty_findings():
    findings = analyze("", "  ")
    assert (findings.summary, findings.key_points, findings.topics) == ("", [], [])
    assert findings.sentiment.label == "not_assessed"
    assert findings.actionable_items == []


def test_pages_are_named_by_their_own_number():
    engine = OfflineEngine()
    findings = engine.analyze(
        [SourcePage(7, "The wall cracked in March and was repaired by the town.")],
        language=None,
        ledger=None,
        on_progress=lambda done, total: None,
    )
    assert {evidence.page for evidence in evidence_of(findings)} == {7}


def test_nothing_is_bought():
    findings = analyze("The wall cracked.")
    assert (findings.calls, findings.input_tokens, findings.output_tokens) == (0, 0, 0)
    assert findings.cost_usd == Decimal(0)
    assert OfflineEngine().model == ""


def test_progress_rises_to_its_end():
    told = []
    OfflineEngine().analyze(
        pages("One."), language=None, ledger=None, on_progress=lambda *step: told.append(step)
    )
    assert told == [(n, 4) for n in (1, 2, 3, 4)]


def test_what_progress_raises_goes_through():
    class DocumentGone(Exception):
        pass

    def stop(done, total):
        raise DocumentGone

    with pytest.raises(DocumentGone):
        OfflineEngine().analyze(pages("One."), language=None, ledger=None, on_progress=stop)


SHOW = """
import sys
from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.schema import SourcePage
pages = [SourcePage(n, text) for n, text in enumerate(sys.stdin.read().split("\\f"), start=1)]
print(OfflineEngine().analyze(pages, language=None, ledger=None, on_progress=lambda a, b: None))
"""


def test_the_findings_do_not_hang_on_the_hash_seed():
    text = "\f".join(document.text for document in labelled("tuned"))
    printed = {
        subprocess.run(
            [sys.executable, "-c", SHOW],
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(printed) == 1
    assert "Findings(" in printed.pop()


NO_SOCKETS = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")
socket.socket.__init__ = refuse
socket.create_connection = refuse
import sys
"""


def test_no_socket_is_opened_no_warning_given_and_no_django_loaded():
    script = NO_SOCKETS + SHOW + "print('django' in sys.modules, 'openai' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        input="The report was excellent. The storm was terrible, and the wall is broken.",
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "False False" in done.stdout


def test_importing_the_engine_is_cheap():
    """The word list drags an HTTP client in; it waits until English is read."""
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, documents.pipeline.analysis.offline.engine;"
            "print('requests' in sys.modules, 'vaderSentiment' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout
    assert loaded.split() == ["False", "False"]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "!" * 300_000,
        "x" + " " * 300_000 + "y",
        "\n" * 300_000,
        "Ab, " * 75_000,
        "(a) [ ] 1. -> " * 10_000,
        "I agree. " * 30_000,
        '" said ' * 30_000,
        "word " * 60_000,
    ],
)
def test_monotonous_text_is_no_trouble(text):
    findings = analyze(text)
    assert len(findings.summary) <= 1_500


def test_a_great_many_requests_are_listed_up_to_a_limit():
    findings = analyze("\n".join(f"TODO: order part number {n} for the pump" for n in range(500)))
    assert len(findings.actionable_items) == 200
