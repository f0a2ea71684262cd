"""The shapes in which an upload is answered: what was taken, what was refused, what left out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import ProblemSerializer
from documents.api.serializers import DocumentSerializer, LinksSerializer
from documents.models import Document


class RefusedFileSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="Place of the file in the request, from 0.")
    filename = serializers.CharField(allow_blank=True)
    code = serializers.CharField(help_text="Stable; made for programs.")
    detail = serializers.CharField(help_text="What is wrong and what to do about it.")
    error = serializers.CharField(help_text="What is wrong, in one sentence.")
    advice = serializers.CharField(help_text="What to do next.")
    retryable = serializers.BooleanField(help_text="Whether sending it again may help.")


class UploadWarningSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="`unknown_field`; others may join.")
    field = serializers.CharField(help_text="Of the form.")
    detail = serializers.CharField()


class TwinSerializer(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        fields = ["id", "filename"]
        read_only_fields = fields


class UploadedDocumentSerializer(DocumentSerializer):
    index = serializers.SerializerMethodField(
        help_text="Place of the file in the request, from 0: two files may have one name."
    )
    links = serializers.SerializerMethodField()
    same_as = serializers.SerializerMethodField(
        help_text="The first of your other documents with exactly these bytes; null where it is "
        "new. Both are kept."
    )

    class Meta(DocumentSerializer.Meta):
        fields = ["index", *DocumentSerializer.Meta.fields, "links", "same_as"]
        read_only_fields = fields

    def get_index(self, document: Document) -> int:
        index: int = self.context["indexes"][document.pk]
        return index

    @extend_schema_field(LinksSerializer)
    def get_links(self, document: Document) -> dict[str, str]:
        links: dict[str, str] = self.context["links_of"](document.pk)
        return links

    @extend_schema_field(TwinSerializer(allow_null=True))
    def get_same_as(self, document: Document) -> dict[str, Any] | None:
        twin = self.context["twins"].get(document.pk)
        return TwinSerializer(twin).data if twin else None


class UploadAnswerSerializer(serializers.Serializer[Any]):
    uploaded = UploadedDocumentSerializer(many=True)
    errors = RefusedFileSerializer(many=True)  # type: ignore[assignment]
    warnings = UploadWarningSerializer(many=True, help_text="What of the form was left out.")
    stream_cursor = serializers.IntegerField(
        help_text="A stream that begins after this id tells everything about these documents."
    )


class NothingUploadedSerializer(ProblemSerializer):
    """A problem; where it is about files, it says of each why it was refused."""

    uploaded = UploadedDocumentSerializer(many=True, required=False)
    errors = RefusedFileSerializer(many=True, required=False)  # type: ignore[assignment]
    warnings = UploadWarningSerializer(many=True, required=False)
    stream_cursor = serializers.IntegerField(required=False)
