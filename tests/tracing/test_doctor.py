"""The doctor says whether somebody takes the spans."""

from __future__ import annotations

from typing import Any

from documents.operations import tracing_doctor
from documents.operations.checks import Verdict
from tests.processes import free_port
from tests.tracing.receiver import Receiver


def found(settings: Any, endpoint: str) -> tuple[Verdict, str]:
    settings.OTEL_ENDPOINT = endpoint
    (one,) = tracing_doctor.examine()
    return one.verdict, one.text


def test_a_receiver_that_answers_is_good(settings: Any, receiver: Receiver) -> None:
    verdict, text = found(settings, receiver.endpoint)
    assert (verdict, text) == (Verdict.GOOD, f"Traces go to {receiver.endpoint[7:]}.")


def test_one_that_is_away_or_another_program_is_a_warning(
    settings: Any, receiver: Receiver
) -> None:
    assert found(settings, f"http://127.0.0.1:{free_port()}")[0] == Verdict.WARNING
    verdict, text = found(settings, f"{receiver.endpoint}/elsewhere")
    assert (verdict, text[-4:]) == (Verdict.WARNING, "404.")


def test_the_secret_parts_of_the_address_are_not_told(settings: Any) -> None:
    _, text = found(settings, f"http://somebody:secret@127.0.0.1:{free_port()}")
    assert "secret" not in text


def test_untraced_the_doctor_says_nothing_of_it(settings: Any) -> None:
    settings.OTEL_ENDPOINT = ""
    assert list(tracing_doctor.examine()) == []
