"""Schema of an analysis: findings with their evidence, and who takes part in making them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol, runtime_checkable
from urllib.parse import urlsplit

from documents.failures import Failure

OPENAI_HOST = "api.openai.com"  # each region has one below it, such as eu.api.openai.com

Match = Literal["verbatim", "close"]
# Whether a claim follows from its quotes, as far as words show it.
Support = Literal["supported", "partly", "contradicted", "not_assessed"]
# What a model says that looks at a claim and its quotes once more; None: none did.
SecondLook = Literal["follows", "contradicts", "cannot_tell"]
CheckClaims = Literal["auto", "on", "off"]
Tone = Literal["positive", "negative", "mixed", "neutral", "not_assessed"]
Priority = Literal["high", "medium", "low", "unspecified"]

# What kind of paper it is; a notice counts as a contract, a receipt or a form as an invoice.
DocumentKind = Literal[
    "minutes", "letter", "contract", "invoice", "report", "manual", "list", "other"
]
FactName = Literal[
    "seller", "number", "sender", "parties", "subject", "date", "total", "due", "asked", "until",
    "term", "notice", "sums",
]  # fmt: skip


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
    say and it leaves out, such as "may", are `omitted_words`. `is_asked_for`: its quotes ask
    somebody to say so, and the document does not say it itself. `importance` is from 1 to 5, as a
    model ranks it; None where nobody did.
    """

    text: str
    evidence: list[Evidence]
    unquoted_numbers: list[str] = field(default_factory=list)
    support: Support = "not_assessed"
    unsupported_words: list[str] = field(default_factory=list)
    omitted_words: list[str] = field(default_factory=list)
    is_asked_for: bool = False
    second_look: SecondLook | None = None
    importance: int | None = None


@dataclass(frozen=True)
class Fact:
    """What a paper of form states, in its own words; a contract has several `parties` and `sums`.

    `normalized` is an ISO date, or an amount and its currency ("1234.50 EUR"); None for words,
    and where the text is not plain.
    """

    name: FactName
    value: str
    normalized: str | None
    evidence: list[Evidence]


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


NOTHING_LEFT_OUT = {"key_points": 0, "actionable_items": 0}
NOT_ASSESSED = Sentiment("not_assessed", None, "", [])


@dataclass(frozen=True)
class DocumentDate:
    """The day a document was written by its own words, ISO."""

    date: str
    evidence: list[Evidence]


@dataclass(frozen=True)
class ActionItem:
    """Something the document asks for; `due_date` is ISO, and only where the text is plain.

    `due_from` is what "within 14 days" was counted from; None where a date is written out.
    """

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
    is_asked_for: bool = False
    second_look: SecondLook | None = None
    importance: int | None = None
    due_from: DocumentDate | None = None

    def in_words(self) -> str:
        details = [detail for detail in (self.assignee, self.due_text) if detail]
        return f"{self.task} ({', '.join(details)})" if details else self.task


@dataclass
class Findings:
    """One finished analysis; `cost_usd` is None where the price of the model is not known.

    `action_items_note` says what was not looked for; empty where everything was.
    """

    summary: str
    key_points: list[KeyPoint]
    topics: list[Topic]
    sentiment: Sentiment
    actionable_items: list[ActionItem]
    summary_sentences: list[KeyPoint] = field(default_factory=list)
    action_items_note: str = ""
    unverified: list[dict[str, Any]] = field(default_factory=list)
    flagged: list[Flagged] = field(default_factory=list)
    # How many more were found than are shown.
    left_out: dict[str, int] = field(default_factory=lambda: dict(NOTHING_LEFT_OUT))
    kind: Topic | None = None  # of document: an invoice, minutes
    document_date: DocumentDate | None = None
    language: str | None = None
    document_kind: DocumentKind | None = None
    facts: list[Fact] = field(default_factory=list)
    other_languages: list[dict[str, Any]] = field(default_factory=list)
    pages_not_analyzed: list[dict[str, Any]] = field(default_factory=list)
    pages_unverified: list[int] = field(default_factory=list)  # sent; nothing shows they were seen
    prompts_cut: int = 0  # by the server, without a word; they were asked again in parts
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal | None = None
    had_second_look: bool = False

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
            "document_kind": self.document_kind,
            "facts": [asdict(fact) for fact in self.facts],
            "other_languages": self.other_languages,
            "summary_sentences": [asdict(sentence) for sentence in self.summary_sentences],
            "key_points": [asdict(point) for point in self.key_points],
            "topics": [asdict(topic) for topic in self.topics],
            "sentiment": asdict(self.sentiment),
            "actionable_items": [
                {"id": number, **asdict(item), "done": False}
                for number, item in enumerate(self.actionable_items, start=1)
            ],
            # Filled where an analysis takes the place of one with ticks (`ticks.carry_over`).
            "ticked_before": [],
            "action_items_assessed": not self.action_items_note,
            "action_items_note": self.action_items_note,
            "unverified": self.unverified,
            "flagged": [asdict(passage) for passage in self.flagged],
            "left_out": self.left_out,
            "kind": asdict(self.kind) if self.kind else None,
            "document_date": asdict(self.document_date) if self.document_date else None,
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


@runtime_checkable
class LearningEngine(Protocol):
    """An engine whose server shows what it can do, which is worth keeping over a restart."""

    server: ModelServer
    prompt_version: str

    def learned(self) -> dict[str, Any]: ...

    def recall(self, learned: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class ModelServer:
    """Where the model is and what one document may ask of it.

    Times are in seconds. A blank `base_url` is OpenAI's own; a blank key is sent as a
    placeholder, which servers without keys ignore.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str = "gpt-4.1"
    named_by: str = "ATOM_MODEL"  # the setting that names the model
    deadline: float = 120.0  # for one request, from connecting to the last byte
    retry_wait: float = 60.0  # the longest Retry-After worth waiting for
    retry_pause: float = 0.75  # before the second try when the server names no wait
    chunk_tokens: int = 24_000
    calls_at_once: int = 4  # for one document
    answer_tokens: int | None = None  # None: as many as the context has room for
    context_tokens: int | None = None  # of the model; None: learned from the server
    reasoning_effort: str = ""  # blank: not sent
    service_tier: str = ""  # blank: not sent
    price: tuple[Decimal, Decimal, Decimal] | None = None  # input, cached, output; else the table
    max_cost_per_document: Decimal = Decimal("1.00")  # USD
    check_claims: CheckClaims = "off"  # by one more call at the end; auto: if its price is known
    max_tokens_per_document: int = 2_000_000  # stands in while the price is unknown

    @property
    def is_openai(self) -> bool:
        """Whether OpenAI itself is asked, at whatever regional host; Azure's are others."""
        host = urlsplit(self.base_url).hostname if self.base_url else OPENAI_HOST
        return host == OPENAI_HOST or (host or "").endswith(f".{OPENAI_HOST}")
