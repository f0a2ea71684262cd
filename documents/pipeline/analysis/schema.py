"""Schema of an analysis: findings with their evidence, and who takes part in making them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from documents.failures import Failure

Match = Literal["verbatim", "close"]
# Whether a claim follows from its quotes, as far as words show it.
Support = Literal["supported", "partly", "contradicted", "not_assessed"]
Tone = Literal["positive", "negative", "mixed", "neutral", "not_assessed"]
Priority = Literal["high", "medium", "low", "unspecified"]


@dataclass(frozen=True)
class SourcePage:
    number: int
    text: str


@dataclass(frozen=True)
class Evidence:
    """A place in the document; `quote` is always the page's own text from `start` to `end`."""

    page: int
    start: int
    end: int
    quote: str
    match: Match


@dataclass(frozen=True)
class KeyPoint:
    """A claim; `unquoted_numbers` are those it names and none of its quotes does.

    `unsupported_words` are what it says and its quotes do not, numbers among them; what its quotes
    say and it leaves out, such as "may", are `omitted_words`.
    """

    text: str
    evidence: list[Evidence]
    unquoted_numbers: list[str] = field(default_factory=list)
    support: Support = "not_assessed"
    unsupported_words: list[str] = field(default_factory=list)
    omitted_words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Topic:
    label: str
    evidence: list[Evidence]


@dataclass(frozen=True)
class Sentiment:
    label: Tone
    score: float | None
    rationale: str
    evidence: list[Evidence]


@dataclass(frozen=True)
class Flagged:
    """A passage that speaks to the model instead of the reader: shown, but never evidence."""

    page: int
    start: int
    end: int
    quote: str
    reason: Literal["instruction"] = "instruction"


NOT_ASSESSED = Sentiment("not_assessed", None, "", [])


@dataclass(frozen=True)
class ActionItem:
    """Something the document asks for; `due_date` is ISO, and only where the text is plain."""

    task: str
    assignee: str | None
    due_text: str | None
    due_date: str | None
    priority: Priority
    evidence: list[Evidence]
    unquoted_numbers: list[str] = field(default_factory=list)
    support: Support = "not_assessed"
    unsupported_words: list[str] = field(default_factory=list)
    omitted_words: list[str] = field(default_factory=list)

    def in_words(self) -> str:
        details = [detail for detail in (self.assignee, self.due_text) if detail]
        return f"{self.task} ({', '.join(details)})" if details else self.task


@dataclass
class Findings:
    """One finished analysis; `cost_usd` is None where the price of the model is not known."""

    summary: str
    key_points: list[KeyPoint]
    topics: list[Topic]
    sentiment: Sentiment
    actionable_items: list[ActionItem]
    summary_sentences: list[KeyPoint] = field(default_factory=list)
    unverified: list[dict[str, Any]] = field(default_factory=list)
    flagged: list[Flagged] = field(default_factory=list)
    language: str | None = None
    pages_not_analyzed: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal | None = None

    def plain(self) -> dict[str, Any]:
        """The findings in plain words, for whoever wants no evidence."""
        return {
            "summary": self.summary,
            "topics": [topic.label for topic in self.topics],
            "sentiment": self.sentiment.label,
            "actionable_items": [item.in_words() for item in self.actionable_items],
        }

    def as_json(self) -> dict[str, Any]:
        """The `findings` object of the result: everything with its evidence."""
        return {
            "summary_sentences": [asdict(sentence) for sentence in self.summary_sentences],
            "key_points": [asdict(point) for point in self.key_points],
            "topics": [asdict(topic) for topic in self.topics],
            "sentiment": asdict(self.sentiment),
            "actionable_items": [
                {"id": number, **asdict(item), "done": False}
                for number, item in enumerate(self.actionable_items, start=1)
            ],
            "unverified": self.unverified,
            "flagged": [asdict(passage) for passage in self.flagged],
        }


class AnalysisFailed(Exception):
    """The model gave no analysis; `failure` says why and whether trying again may help."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class Ledger(Protocol):
    """Every paid call, written down before it is sent.

    Called from the thread that called `analyze`, and from no other. Any method may raise
    when the document is gone or the claim is lost; the exception ends the analysis.
    """

    def recall(self, request_hash: str) -> str | None:
        """The answer already paid for, if there is one."""

    def intend(self, *, request_hash: str, chunk: int, model: str) -> int:
        """Write down a call that is about to be sent; its id."""

    def answered(
        self,
        call: int,
        *,
        answer: str,
        input_tokens: int,
        output_tokens: int,
        cost_usd: Decimal | None,
    ) -> None: ...

    def failed(self, call: int, *, code: str) -> None: ...

    def unknown(self, call: int) -> None:
        """The call timed out or was cut off: it may have been billed."""


class Engine(Protocol):
    """Turns pages into findings; `model` is empty where there is none."""

    name: str
    model: str
    prompt_version: str

    def analyze(
        self,
        pages: Sequence[SourcePage],
        *,
        language: str | None,
        ledger: Ledger,
        on_progress: Callable[[int, int], None],
    ) -> Findings:
        """Analyze all pages, telling `on_progress` how many chunks of how many are done.

        `on_progress` is also called, with the same numbers, every second or so while
        nothing comes back: whatever it raises ends the waiting and the analysis.
        `language` is the one to answer in; None means the document's own.
        Raises AnalysisFailed.
        """


@dataclass(frozen=True)
class ModelServer:
    """Where the model is and what one document may ask of it.

    Times are in seconds. A blank `base_url` is OpenAI's own; a blank key is sent as a
    placeholder, which servers without keys ignore.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str = "gpt-4.1"
    deadline: float = 120.0  # for one request, from connecting to the last byte
    retry_wait: float = 60.0  # the longest Retry-After worth waiting for
    retry_pause: float = 0.75  # before the second try when the server names no wait
    chunk_tokens: int = 24_000
    calls_at_once: int = 4  # for one document
    answer_tokens: int = 6_000
    max_cost_per_document: Decimal = Decimal("1.00")  # USD
    max_tokens_per_document: int = 2_000_000  # stands in while the price is unknown
