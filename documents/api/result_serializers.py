"""The shape of an analysis, for the OpenAPI schema; `results.result_json` makes it.

A test ties it to what engines give back (`schema.Findings`).
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


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


class KeyPointSerializer(_JudgedSerializer):
    text = serializers.CharField()
    evidence = EvidenceSerializer(many=True)


class TopicSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    evidence = EvidenceSerializer(many=True)


TONES = ["positive", "negative", "mixed", "neutral", "not_assessed"]


class SentimentSerializer(serializers.Serializer[Any]):
    label = serializers.ChoiceField(choices=TONES)  # type: ignore[assignment]
    score = serializers.FloatField(allow_null=True)
    rationale = serializers.CharField()
    evidence = EvidenceSerializer(many=True)


class FoundItemSerializer(_JudgedSerializer):
    id = serializers.IntegerField(allow_null=True, help_text="For `/action-items/{id}`.")
    task = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    due_text = serializers.CharField(allow_null=True, help_text="As the document says it.")
    due_date = serializers.DateField(allow_null=True)
    priority = serializers.ChoiceField(choices=["high", "medium", "low", "unspecified"])
    done = serializers.BooleanField()
    evidence = EvidenceSerializer(many=True)


class FlaggedSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    start = serializers.IntegerField(help_text="Offset in the text of the page.")
    end = serializers.IntegerField()
    quote = serializers.CharField(help_text="The document's own words.")
    reason = serializers.ChoiceField(choices=["instruction"])


class FindingsSerializer(serializers.Serializer[Any]):
    summary_sentences = KeyPointSerializer(
        many=True, required=False, help_text="The summary, sentence by sentence, with evidence."
    )
    key_points = KeyPointSerializer(many=True)
    topics = TopicSerializer(many=True)
    sentiment = SentimentSerializer()
    actionable_items = FoundItemSerializer(many=True)
    unverified = serializers.ListField(
        child=serializers.DictField(),
        help_text="Claims without a quote that proves them, and those that their quotes "
        "contradict (`reason`: `contradicted`) or that a summary has no room to mark "
        "(`partly_supported`).",
    )
    flagged = FlaggedSerializer(
        many=True, help_text="Passages that speak to a model; they are never evidence."
    )


class UnreadPageSerializer(serializers.Serializer[Any]):
    """What was not read: one page, a range of pages, or a part of the document that is no page.

    A range without an end goes on to the last page. Reasons: `scan` (pictures without text),
    `blank`, `drawing`, `empty`, `garbled` (unreadable letters), `failed`, `page_limit`,
    `character_limit`, `page_too_long` (read in part), `mostly_hidden` (more of it is seen by nobody
    than was read), `timed_out`, `crashed`, `budget`; pictures: `ocr_limit`, `ocr_timed_out`,
    `ocr_failed`; `attachments` (files inside the file), `comments` (on a page), `dynamic_form` (its
    fields), `other_documents` (further ones in the same file), `damaged_parts` (text may be
    missing), `too_many_parts` (of a message). More may follow.
    """

    page = serializers.IntegerField(required=False)
    from_page = serializers.IntegerField(required=False)
    to_page = serializers.IntegerField(required=False)
    reason = serializers.CharField()
    count = serializers.IntegerField(
        required=False, help_text="How many attachments, comments or documents."
    )
    names = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Of the first attachments."
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
    ocr = RecognizedSerializer(required=False, allow_null=True)


class ProvenanceSerializer(serializers.Serializer[Any]):
    engine = serializers.CharField()
    model = serializers.CharField()
    prompt_version = serializers.CharField()
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


class ResultSerializer(serializers.Serializer[Any]):
    summary = serializers.CharField()
    topics = serializers.ListField(child=serializers.CharField())
    sentiment = serializers.ChoiceField(choices=TONES)
    actionable_items = serializers.ListField(child=serializers.CharField())
    findings = FindingsSerializer()
    language = serializers.CharField(allow_null=True)
    coverage = CoverageSerializer()
    provenance = ProvenanceSerializer()
