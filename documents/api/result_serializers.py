"""The shape of an analysis, for the OpenAPI schema; `results.result_json` makes it.

A test ties it to what engines give back (`schema.Findings`).
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from documents.pipeline.analysis import wording


class EvidenceSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField(
        help_text="One of `coverage.ocr.pages`: the quote was read from a picture."
    )
    start = serializers.IntegerField(help_text="Offset in the text of the page.")
    end = serializers.IntegerField()
    quote = serializers.CharField(help_text="The document's own words.")
    match = serializers.ChoiceField(choices=["verbatim", "close"])


class _UnquotedNumbers(serializers.ListField):
    child = serializers.CharField()

    def __init__(self) -> None:
        super().__init__(help_text="Numbers of the claim that stand in none of its quotes.")


SUPPORT = ["supported", "partly", "contradicted", "not_assessed"]


class _JudgedSerializer(serializers.Serializer[Any]):
    """Results from before November 2026 have none of these fields but the first."""

    unquoted_numbers = _UnquotedNumbers()
    support = serializers.ChoiceField(
        choices=SUPPORT,
        required=False,
        help_text="Whether the claim follows from its quotes, as far as words show it. "
        "`not_assessed`: the language is not judged. What is contradicted is shown in "
        "`unverified` alone.",
    )
    unsupported_words = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="What the claim says and its quotes do not, numbers among them.",
    )
    omitted_words = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text='What makes the quote less certain and the claim leaves out, such as "may".',
    )
    is_asked_for = serializers.BooleanField(
        required=False,
        help_text="The quotes ask somebody to say this; the document does not say it itself.",
    )
    second_look = serializers.ChoiceField(
        choices=["follows", "contradicts", "cannot_tell"],
        required=False,
        allow_null=True,
        help_text="What a model says that held the claim against its quotes once more; "
        "`contradicts` makes it `partly`, and nothing raises it. Null: none did.",
    )
    importance = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="From 1 to 5, as a model ranks it: points and tasks are in this order.",
    )


class LeftOutSerializer(serializers.Serializer[Any]):
    """How many more were found than are shown; these are the most important."""

    key_points = serializers.IntegerField()
    actionable_items = serializers.IntegerField()


class KeyPointSerializer(_JudgedSerializer):
    text = serializers.CharField()
    evidence = EvidenceSerializer(many=True)


class TopicSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    evidence = EvidenceSerializer(many=True)


PRIORITIES = ["high", "medium", "low", "unspecified"]
TONES = ["positive", "negative", "mixed", "neutral", "not_assessed"]
FLAG_REASONS = ["instruction"]


class SentimentSerializer(serializers.Serializer[Any]):
    label = serializers.ChoiceField(choices=TONES)  # type: ignore[assignment]
    score = serializers.FloatField(allow_null=True)
    rationale = serializers.CharField()
    evidence = EvidenceSerializer(many=True)


class DocumentDateSerializer(serializers.Serializer[Any]):
    """The day the document was written, by its own words."""

    date = serializers.DateField()
    evidence = EvidenceSerializer(many=True)


class FoundItemSerializer(_JudgedSerializer):
    id = serializers.IntegerField(allow_null=True, help_text="For `/action-items/{id}`.")
    task = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    due_text = serializers.CharField(allow_null=True, help_text="As the document says it.")
    due_date = serializers.DateField(
        allow_null=True, help_text="Where it is certain: written out, or counted from `due_from`."
    )
    due_from = DocumentDateSerializer(
        required=False,
        allow_null=True,
        help_text='What "within 14 days" was counted from; null where the date is written out.',
    )
    priority = serializers.ChoiceField(choices=PRIORITIES)
    done = serializers.BooleanField()
    evidence = EvidenceSerializer(many=True)


class FactSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=list(wording.FACTS))
    value = serializers.CharField(help_text="As the document says it.")
    normalized = serializers.CharField(
        allow_null=True,
        help_text='An ISO date, or an amount and its currency ("1234.50 EUR"); null for words and '
        "where the text is not plain.",
    )
    evidence = EvidenceSerializer(many=True)


class OtherLanguageSerializer(serializers.Serializer[Any]):
    language = serializers.CharField(allow_null=True)
    pages = serializers.ListField(child=serializers.IntegerField())


class FlaggedSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    start = serializers.IntegerField(help_text="Offset in the text of the page.")
    end = serializers.IntegerField()
    quote = serializers.CharField(help_text="The document's own words.")
    reason = serializers.ChoiceField(choices=FLAG_REASONS)


class TickedBeforeSerializer(serializers.Serializer[Any]):
    """A task that was done in an earlier analysis and is not found again in this one."""

    task = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    due_text = serializers.CharField(allow_null=True)
    due_date = serializers.DateField(allow_null=True)


class FindingsSerializer(serializers.Serializer[Any]):
    document_kind = serializers.ChoiceField(
        choices=list(wording.KINDS),
        required=False,
        allow_null=True,
        help_text="What kind of paper it was read as; a notice counts as a contract, a receipt or "
        "a form as an invoice. Null where nobody told, or a model in words that name none of "
        "these.",
    )
    facts = FactSerializer(
        many=True,
        required=False,
        help_text="What an invoice, a letter or a contract states, by the built-in engine.",
    )
    other_languages = OtherLanguageSerializer(
        many=True,
        required=False,
        help_text="Pages in other languages than `language`: the summary leaves them out.",
    )
    summary_sentences = KeyPointSerializer(
        many=True, required=False, help_text="The summary, sentence by sentence, with evidence."
    )
    key_points = KeyPointSerializer(many=True)
    topics = TopicSerializer(many=True)
    sentiment = SentimentSerializer()
    actionable_items = FoundItemSerializer(many=True)
    ticked_before = TickedBeforeSerializer(
        many=True,
        required=False,
        help_text="Tasks that were done in an earlier analysis and are not found again.",
    )
    action_items_assessed = serializers.BooleanField(
        required=False, help_text="Whether all sentences were searched for action items."
    )
    action_items_note = serializers.CharField(
        required=False, allow_blank=True, help_text="What was not looked for; blank where all was."
    )
    unverified = serializers.ListField(
        child=serializers.DictField(),
        help_text="Claims without a quote that proves them, and those that their quotes "
        "contradict (`reason`: `contradicted`) or that a summary has no room to mark "
        "(`partly_supported`); topics that the document has no word of (`not_named`), and a tone "
        "that its quote has no word of (`no_such_tone`); sentences of the summary that a second "
        "look finds contradicted (`second_look`).",
    )
    flagged = FlaggedSerializer(
        many=True, help_text="Passages that speak to a model; they are never evidence."
    )
    # Results from before November 2026 have none of these.
    left_out = LeftOutSerializer(required=False)
    kind = TopicSerializer(
        required=False,
        allow_null=True,
        help_text="What a model read the document as, in its own words; see `document_kind`.",
    )
    document_date = DocumentDateSerializer(required=False, allow_null=True)


class UnreadPageSerializer(serializers.Serializer[Any]):
    """What was not read: one page, a range of pages, or a part of the document that is no page.

    A range without an end goes on to the last page. Reasons: `scan` (pictures without text),
    `blank`, `drawing`, `empty`, `garbled` (unreadable letters), `failed`, `page_limit`,
    `character_limit`, `page_too_long` (read in part), `mostly_hidden` (more of it is seen by nobody
    than was read), `timed_out`, `crashed`; read, but not analyzed: `budget`, `no_usable_answer` (of
    the model about these pages, twice), `model_declined`, `only_thoughts` (and then no answer),
    `too_long_for_model`; pictures: `ocr_missing` (no text recognition was there), `ocr_limit`,
    `ocr_timed_out`, `ocr_failed`, `ocr_language` (accents: read without knowing the `language` they
    look like); `attachments` (files inside the file), `comments` (on a page), `dynamic_form` (its
    fields), `other_documents` (further ones in the same file), `damaged_parts` (text may be
    missing), `message_bodies` (with letters, none of which came out), `too_many_parts` (of a
    message). More may follow.
    """

    page = serializers.IntegerField(required=False)
    from_page = serializers.IntegerField(required=False)
    to_page = serializers.IntegerField(required=False)
    reason = serializers.CharField()
    count = serializers.IntegerField(
        required=False, help_text="How many attachments, comments, bodies or documents."
    )
    names = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Of the first attachments."
    )
    language = serializers.CharField(
        required=False, help_text="Code of the language that recognized pages look like."
    )


class RecognizedSerializer(serializers.Serializer[Any]):
    """Pages that are pictures, read by text recognition (OCR): letters and numbers may be wrong."""

    pages = serializers.ListField(child=serializers.IntegerField())
    confidence = serializers.IntegerField(help_text="How sure its words are on average, percent.")
    poor = serializers.ListField(
        child=serializers.IntegerField(), help_text="Those pages where many words are unsure."
    )


class CoverageSerializer(serializers.Serializer[Any]):
    pages_total = serializers.IntegerField()
    pages_read = serializers.IntegerField()
    not_read = UnreadPageSerializer(many=True)
    hidden_text = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        help_text="Pages with text that nobody sees: no claim rests on it.",
    )
    struck_out = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        help_text="Pages with words that are struck out. They were read with the rest, and claims "
        "may rest on them.",
    )
    ocr = RecognizedSerializer(required=False, allow_null=True)
    unverified = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        help_text="Pages that were sent to the model; nothing shows that it saw all of them. "
        "They are not counted as read.",
    )
    prompts_cut = serializers.IntegerField(
        required=False,
        help_text="Parts that the model server cut in silence; they were sent again in smaller "
        "ones.",
    )


class ProvenanceSerializer(serializers.Serializer[Any]):
    engine = serializers.CharField()
    model = serializers.CharField()
    prompt_version = serializers.CharField()
    checked_by = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="What held the claims against their quotes: `words`, the rules, and the model "
        "that took a second look, if one did.",
    )
    calls = serializers.IntegerField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    calls_failed = serializers.IntegerField(help_text="Refused or useless, and tried again.")
    calls_unknown = serializers.IntegerField(help_text="Cut off: they may have been billed.")
    cost_usd = serializers.CharField(allow_null=True, help_text="Null where it is not known.")
    reused_from = serializers.IntegerField(
        allow_null=True, help_text="The analysis of an identical file it was taken over from."
    )
    reused_from_document = serializers.UUIDField(allow_null=True)


class WarningSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable; made for programs.")
    detail = serializers.CharField(help_text="What it means.")
    advice = serializers.CharField(help_text="What to do next.")


class ResultSerializer(serializers.Serializer[Any]):
    summary = serializers.CharField()
    topics = serializers.ListField(child=serializers.CharField())
    sentiment = serializers.ChoiceField(choices=TONES)
    actionable_items = serializers.ListField(child=serializers.CharField())
    findings = FindingsSerializer()
    language = serializers.CharField(allow_null=True)
    warning = WarningSerializer(
        allow_null=True, help_text="The document has text, and no claim about it is supported."
    )
    coverage = CoverageSerializer()
    provenance = ProvenanceSerializer()
