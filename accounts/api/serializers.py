"""What programs send and get when they log in."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.tokens import Pair


class LoginSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(
        max_length=4096, trim_whitespace=False, style={"input_type": "password"}
    )


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=4096)


class LogoutSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=4096, required=False)


class PairSerializer(serializers.Serializer[Pair]):
    access = serializers.CharField()
    refresh = serializers.CharField(help_text="Works once; each use gives a new one.")
    access_token = serializers.CharField(source="access", help_text="The same as `access`.")
    token_type = serializers.CharField(default="Bearer")
    expires_in = serializers.IntegerField(help_text="Seconds the access token lives.")


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457. Further members may follow."""

    code = serializers.CharField(help_text="Stable; meant for programs.")
    title = serializers.CharField()
    detail = serializers.CharField(help_text="Meant for people.")
    status = serializers.IntegerField()
    advice = serializers.CharField(help_text="What to do next.")
    retryable = serializers.BooleanField(
        help_text="Whether the same request may be answered otherwise later."
    )
