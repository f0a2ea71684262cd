"""Regular expressions over a stranger's text take time in proportion to its length (ReDoS)."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator

import pytest

import accounts
import atom_project
import documents
from documents.pipeline.analysis.model.answers import InvalidAnswer, ReducedSummary, read
from documents.pipeline.analysis.offline.actions.rule import Rule

LENGTH = 10_000
# A pattern that looks at each character once takes a hundredth of it, a quadratic one more.
SECONDS = 0.5  # of the processor, not of the clock
PIECES = [
    " ", "\n", "\t", " \n", "a", "A", "é", "1", "1 ", "1,", "a ", "A ", "A. ", "A\n", "-", "--a",
    "(", "[", "{", "<a", "\"", "'", "a@", "/a", "%", "_", "¨",
]  # fmt: skip
# Asked where a text begins, never searched for in it.
AT_THE_BEGINNING = {
    "CHAPTER_LINE", "CONTENTS", "ENTRY", "FAREWELL", "FIELD", "FORMULA", "KEYWORD_AND_COLON",
    "HAPPENS_TO", "LABEL", "MAIL_LABEL", "PAGE_NUMBER", "PRESENT", "SECTION", "TITLE",
    "_BEHIND", "_BULLET", "_GOES_NOWHERE", "_NO_END", "_NUMBERED", "_ON_THAT_DAY",
    "_PLACEHOLDER", "_THIS",
}  # fmt: skip
# Asked of forty characters, and of two hundred.
BOUNDED = {"_LAST_LETTERS", "_SENTENCE_BEGINS", "_SHAPES"}


def modules() -> Iterator[str]:
    for package in (accounts, atom_project, documents):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # The last two need an extra.
            is_program = found.name.endswith(
                ("__main__", ".asgi", ".wsgi", ".tesserocr_words", ".tracing.recorder")
            )
            if not is_program and ".migrations" not in found.name:
                yield found.name


def patterns(value: object, depth: int = 0) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, Rule):
        yield value.pattern
    elif depth < 3 and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from patterns(each, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from patterns([*value, *value.values()], depth + 1)


def named_patterns() -> dict[str, re.Pattern]:
    found: dict[re.Pattern, str] = {}
    for module in modules():
        for name, value in vars(importlib.import_module(module)).items():
            for pattern in patterns(value):
                found.setdefault(pattern, f"{module}.{name}")
    return {f"{name}#{n}": pattern for n, (pattern, name) in enumerate(found.items())}


ALL = named_patterns()


class TooSlow(Exception):
    pass


@pytest.fixture
def processor_time():
    """Raises `TooSlow` in what runs, which `re` allows between its steps."""

    def stop(number, frame):
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    yield lambda: signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def ask(pattern, text, *, name):
    if name in AT_THE_BEGINNING:
        pattern.match(text)
    else:
        for _ in pattern.finditer(text):
            pass


def test_the_patterns_are_found():
    assert len(ALL) > 150


@pytest.mark.parametrize("name", ALL)
def test_no_text_keeps_a_pattern_busy(name, processor_time):
    constant, pattern = name.rpartition(".")[2].partition("#")[0], ALL[name]
    if constant in BOUNDED:
        pytest.skip("asked of a few characters only")
    for piece in PIECES:
        text = piece * (LENGTH // len(piece)) + "!"
        processor_time()
        ask(pattern, text.encode() if isinstance(pattern.pattern, bytes) else text, name=constant)


def test_the_measure_notices_a_pattern_that_is_quadratic(processor_time):
    processor_time()
    with pytest.raises(TooSlow):
        # Long enough for any processor: at four times the length it takes sixteen times as long.
        re.compile(r"\A\s*(?:<think>)?.*?</think>", re.DOTALL).match(" " * 4 * LENGTH)


def test_an_answer_of_a_million_blanks_is_refused_at_once(processor_time):
    processor_time()
    with pytest.raises(InvalidAnswer):
        read(" " * 1_000_000, ReducedSummary)
