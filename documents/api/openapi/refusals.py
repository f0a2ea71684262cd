"""Refusals that any call may meet, with their headers: each described once."""

from __future__ import annotations

from typing import Any

PROBLEM = "application/problem+json"

HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "Retry-After": ("Seconds to wait before the next request.", {"type": "integer", "minimum": 1}),
    "WWW-Authenticate": ("How to authenticate.", {"type": "string"}),
    "Allow": ("The methods that there are, parted by commas.", {"type": "string"}),
    "X-Request-ID": (
        "Of this request in the logs; give it to the operator with a question.",
        {"type": "string"},
    ),
    "X-Atom-Version": ("The release that answers, such as 0.1.0.", {"type": "string"}),
    "ETag": (
        "Send it as `If-None-Match`, and what is the same is not sent twice.",
        {"type": "string"},
    ),
    "RateLimit": (
        "Of each policy that counts the request, how many are left (`r`) for how many seconds "
        "(`t`); draft-ietf-httpapi-ratelimit-headers-10.",
        {"type": "string"},
    ),
    "RateLimit-Policy": (
        "Of the same policies how many (`q`) there are in how many seconds (`w`).",
        {"type": "string"},
    ),
    "Content-Disposition": ("The name to save it under.", {"type": "string"}),
}

# status: (name of the component, what it means, its headers)
SHARED: dict[int, tuple[str, str, tuple[str, ...]]] = {
    401: ("NotAuthenticated", "Not signed in, or the token has run out.", ("WWW-Authenticate",)),
    403: ("Forbidden", "The API key lacks the scope, or a session's CSRF token is missing.", ()),
    405: ("MethodNotAllowed", "There is no such call at this address.", ("Allow",)),
    406: ("NotAcceptable", "The answer has no form that `Accept` names.", ()),
    429: (
        "TooManyRequests",
        "Too many requests in a minute.",
        ("Retry-After", "RateLimit", "RateLimit-Policy"),
    ),
    500: ("InternalError", "Something unforeseen; `reference` leads to it in the logs.", ()),
    503: ("Unavailable", "The database or the files are away for a moment.", ("Retry-After",)),
}

# Not limited in a minute: machines ask them, and streams stay open.
UNTHROTTLED = {"healthz", "metrics", "stream_events"}
# They know nobody, and take whatever comes along.
UNAUTHENTICATED = {"healthz", "readyz", "login", "refresh", "logout"}
# They answer in the one form they have, whatever is accepted.
ONE_FORM = {
    *("download_file", "export_analysis", "export_action_items", "export_documents"),
    *("get_page_image", "stream_events", "metrics"),
}
# They tell no release and count no requests: nobody has to be signed in, or the stream is open.
UNCOUNTED = UNAUTHENTICATED | UNTHROTTLED
# With an entity tag of the bytes; others have one of their own.
TAGGED = "application/json"
SAVED = {"download_file", "export_analysis", "export_action_items", "export_documents"}


def add(components: dict[str, Any]) -> None:
    components["headers"] = {
        name: {"description": said, "schema": schema} for name, (said, schema) in HEADERS.items()
    }
    components["responses"] = {
        name: {
            "description": said,
            "headers": _refer(*headers, "X-Request-ID"),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for name, said, headers in SHARED.values()
    }


def declare(operation: dict[str, Any], *, is_read: bool) -> None:
    """What the operation says of a status itself is closer, and stays; headers join it."""
    name, answers = operation["operationId"], operation["responses"]
    if is_read and name not in UNCOUNTED and TAGGED in answers.get("200", {}).get("content", {}):
        _join(answers["200"], "ETag")
        answers["304"] = {"description": "The same as `If-None-Match` names.", "headers": {}}
        _join(answers["304"], "ETag")
    for status, (component, _, headers) in SHARED.items():
        if str(status) in answers:
            _join(answers[str(status)], *headers)
        elif _may_meet(name, status):
            answers[str(status)] = {"$ref": f"#/components/responses/{component}"}
    for status, answer in answers.items():
        if "$ref" not in answer:
            _join(answer, "X-Request-ID")
            if status.startswith("2"):
                _join(answer, *_told_by(name))
            if name in SAVED and status in ("200", "206"):
                _join(answer, "Content-Disposition")
    operation["responses"] = dict(sorted(answers.items()))


def _told_by(name: str) -> tuple[str, ...]:
    """Headers of each good answer to somebody who is signed in."""
    if name == "stream_events":
        return ("X-Atom-Version",)
    return () if name in UNCOUNTED else ("X-Atom-Version", "RateLimit", "RateLimit-Policy")


def _may_meet(name: str, status: int) -> bool:
    left_out = {
        401: UNAUTHENTICATED,
        403: UNAUTHENTICATED,
        406: ONE_FORM,
        429: UNTHROTTLED,
    }
    return name not in left_out.get(status, ())


def _join(answer: dict[str, Any], *names: str) -> None:
    answer["headers"] = _refer(*names) | answer.get("headers", {})


def _refer(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
