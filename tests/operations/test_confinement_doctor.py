"""The doctor tells what keeps a reader of PDFs in on this machine."""

import pytest

from documents.operations import confinement_doctor, doctor
from documents.operations.checks import Verdict
from documents.pipeline.extraction import sandbox
from documents.pipeline.extraction.child import landlock


def test_the_doctor_tries_it_in_a_child(db):
    told = [finding.text for finding in doctor.examine() if "Readers of PDFs" in finding.text]
    assert len(told) == 1
    assert ("Landlock" in told[0]) == bool(landlock.version())


@pytest.mark.parametrize(
    ("held", "verdict", "words"),
    [
        ({"landlock": 7, "seccomp": True}, Verdict.GOOD, "Landlock (version 7) and seccomp"),
        ({"landlock": 3, "seccomp": False}, Verdict.WARNING, "but UDP, signals and further"),
        ({"landlock": 6, "seccomp": False}, Verdict.WARNING, "but UDP and further processes"),
        ({"landlock": 0, "seccomp": True}, Verdict.WARNING, "reads what ATOM's user may read"),
        ({"landlock": 0, "seccomp": False}, Verdict.WARNING, "time and memory only"),
    ],
)
def test_what_is_missing_is_told_with_what_it_means(held, verdict, words):
    finding = confinement_doctor.judge(**held)
    assert finding.verdict == verdict
    assert words in finding.text
    assert bool(finding.remedy) == (verdict != Verdict.GOOD)


@pytest.mark.parametrize("accident", [sandbox.ChildCrashed, sandbox.ChildTimedOut, OSError])
def test_a_child_that_does_not_start_is_told(monkeypatch, accident):
    def fail(*arguments, **options):
        raise accident

    monkeypatch.setattr(sandbox, "run", fail)
    assert confinement_doctor.examine().verdict == Verdict.WARNING
