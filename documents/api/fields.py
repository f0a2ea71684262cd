"""Fields of serializers that take no more than the schema says."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from rest_framework import serializers


class StrictUUIDField(serializers.UUIDField):
    """A text, as the schema says; the framework would make a UUID of a number, or of false."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """In JSON true or false, as the schema says; a form has only words for them."""

    def to_internal_value(self, data: Any) -> Any:
        is_form = isinstance(getattr(self.parent, "initial_data", None), QueryDict)
        if not (is_form or isinstance(data, bool)):
            self.fail("invalid", input=data)
        return super().to_internal_value(data)
