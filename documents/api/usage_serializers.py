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


class TodaySerializer(serializers.Serializer[Any]):
    spent_usd = serializers.CharField(help_text="As far as prices are known.")
    budget_usd = serializers.CharField(
        allow_null=True, help_text="What your documents may cost in a day; null: no limit."
    )
    held_until = serializers.DateTimeField(
        allow_null=True, help_text="Your documents wait until then at the latest; null if not."
    )


class UsageSerializer(serializers.Serializer[Any]):
    today = TodaySerializer(help_text="The day begins at midnight UTC.")
    days = DayFiguresSerializer(many=True, help_text="Those with calls, newest first.")
    total = FiguresSerializer()
