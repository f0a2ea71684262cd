"""Programs log in, stay logged in and log out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit, tokens
from accounts.api.serializers import (
    LoginSerializer,
    LogoutSerializer,
    PairSerializer,
    ProblemSerializer,
    RefreshSerializer,
)
from accounts.models import LoginSession, User
from accounts.tokens import TokenRefused
from atom_project.browsable_views import BrowsableView
from atom_project.parsers import SafeFormParser, SafeJSONParser
from atom_project.problem_codes import ProblemCode
from atom_project.problems import MEDIA_TYPE, Problem


def problems(**texts: str) -> dict[tuple[int, str], OpenApiResponse]:
    """For the description: status (led by an underscore) and what it means."""
    return {
        (int(status[1:]), MEDIA_TYPE): OpenApiResponse(ProblemSerializer, text)
        for status, text in texts.items()
    }


INVALID = "Something is missing or cannot be read."


class LoginView(BrowsableView, GenericAPIView[Any]):
    """Give a name and password, get a pair of tokens. Send the access token as
    `Authorization: Bearer …`; trade the refresh token for a new pair before the first expires.
    """

    # A stale token that comes along must not keep anybody from logging in.
    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = [SafeJSONParser, SafeFormParser]
    serializer_class = LoginSerializer

    @extend_schema(
        operation_id="login",
        tags=["login"],
        responses={
            200: PairSerializer,
            **problems(
                _400=INVALID,
                _401="The name or the password is wrong.",
                _429="Too many wrong logins; `Retry-After` says when to try again.",
            ),
        },
    )
    def post(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        if not isinstance(user, User):
            raise refused(ProblemCode.WRONG_LOGIN, "The user name or the password is wrong.")
        # By hand: `login()` would do it, and begin a browser's session as well.
        update_last_login(None, user)  # type: ignore[arg-type]
        return answer(tokens.log_in(user))


class RefreshView(BrowsableView, GenericAPIView[Any]):
    """Trade a refresh token for a new pair. It works once: using an old one ends the login."""

    authentication_classes = []
    permission_classes = [AllowAny]
    serializer_class = RefreshSerializer

    @extend_schema(
        operation_id="refresh",
        tags=["login"],
        responses={
            200: PairSerializer,
            **problems(_400=INVALID, _401="The refresh token is not valid any more."),
        },
    )
    def post(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            return answer(tokens.refresh(given.validated_data["refresh"]))
        except TokenRefused as refusal:
            raise refused(refusal.code, refusal.detail) from refusal


class LogoutView(BrowsableView, GenericAPIView[Any]):
    """End this login, access and refresh tokens at once. Send either the access token as
    `Authorization: Bearer …` or the refresh token in the body (if the access token has expired).
    """

    authentication_classes = []
    permission_classes = [AllowAny]
    serializer_class = LogoutSerializer

    @extend_schema(
        operation_id="logout",
        auth=[{"bearer": []}, {}],  # type: ignore[list-item]
        tags=["login"],
        responses={204: None, **problems(_400=INVALID, _401="The token is not valid any more.")},
    )
    def post(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            login = end_login(request, given.validated_data.get("refresh"))
        except TokenRefused as refusal:
            raise refused(refusal.code, refusal.detail) from refusal
        audit.record(audit.Action.SIGNED_OUT, request=request._request, actor=login.user_id)
        return Response(status=204)


def end_login(request: Request, refresh: str | None) -> LoginSession:
    if refresh:
        return tokens.end_by_refresh(refresh)
    # By hand: an authentication class would refuse one that has run out, though the refresh
    # token in the body is good.
    access = tokens.in_header(request.META.get("HTTP_AUTHORIZATION", ""))
    if access is None:
        raise TokenRefused(
            ProblemCode.NOT_AUTHENTICATED, "Send the access or the refresh token to end."
        )
    login = tokens.authenticate(access).login
    if login is None:
        raise TokenRefused(
            ProblemCode.TOKEN_INVALID, "An API key is no login: end it on the page of your keys."
        )
    tokens.end(login)
    return login


def answer(pair: tokens.Pair) -> Response:
    response = Response(PairSerializer(pair).data)
    response["Cache-Control"] = "no-store"
    return response


def refused(code: ProblemCode, detail: str) -> Problem:
    return Problem(401, code, detail, headers={"WWW-Authenticate": tokens.CHALLENGE})
