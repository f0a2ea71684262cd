"""Usage: the shape of what calls to models add up to."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class FiguresSerializer(serializers.Serializer[Any]):
    calls = serializers.IntegerField(help_text="However they ended.")
    intended = serializers.IntegerField(help_text="On their way at this moment.")
    answered = serializers.IntegerField()
    failed = serializers.IntegerField()
    unknown = serializers.IntegerField(help_text="Cut off: they may have been billed.")
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cost_usd = serializers.CharField(
        allow_null=True, help_text="Of the calls whose price is known; null if none is."
    )
    unknown_cost_calls = serializers.IntegerField(
        help_text="Answered by a model whose price is not known."
    )


class DayFiguresSerializer(FiguresSerializer):
    day = serializers.DateField(help_text="In UTC.")


class UsageSerializer(serializers.Serializer[Any]):
    days = DayFiguresSerializer(many=True, help_text="Those with calls, newest first.")
    total = FiguresSerializer()
