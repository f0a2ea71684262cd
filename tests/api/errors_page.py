"""`docs/errors.md`, written from the tables of codes: `python -m tests.api.errors_page`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from atom_project.problem_texts import PROBLEMS  # noqa: E402
from atom_project.problems import phrase  # noqa: E402
from documents.api import vocabulary  # noqa: E402
from documents.failures import FailureCode  # noqa: E402

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"

HEAD = """\
# Codes that programs read

Every refusal is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)):

```json
{"code": "not_found", "title": "Not Found", "detail": "There is nothing at this address.",
 "status": 404, "advice": "Forget the id: it was deleted, or never yours.", "retryable": false}
```

Compare `code`; `title`, `detail` and `advice` are for people and may change. A code that is here
stays and keeps its meaning; others may join, so have a way for those you do not know. In `/schema`
they are the enumerations `ProblemCode`, `RefusalCode`, `FailureCode`, `StatusReason` and so on.
`make errors` writes this page from the tables that the service uses.

"Later" says whether the same request may be answered otherwise by itself; then wait for as long as
`Retry-After` says, where it is there.
"""


def page() -> str:
    return "\n".join(
        [
            HEAD,
            *_section(
                "Refused requests",
                "Any call may meet 401, 403, 405, 406, 429, 500 and 503. Over a quota, a request "
                "as a whole is refused by the codes of single files below: `quota_queue` with "
                "429, `quota_bytes` and `quota_documents` with 413.",
            ),
            *_table(("code", "status", "what", "do", "later"), _problems()),
            *_section("Refused files", "In `errors` of an upload, one for each file."),
            *_table(("code", "what", "do", "later"), _failures(vocabulary.refused_at_upload())),
            *_section("Failed documents", "In `failure.code`, and the `reason` of the event."),
            *_table(("code", "what", "do", "retryable"), _failures(vocabulary.of_documents())),
            *_words(
                "Reasons of a status",
                "`reason` in history and events, beside the codes of "
                "failed documents; null in the usual course.",
                vocabulary.STATUS_REASONS,
            ),
            *_words("Steps", "`progress.step`.", vocabulary.PROGRESS_STEPS),
            *_words("Warnings", "`warning.code` of completed documents.", vocabulary.WARNINGS),
            *_words(
                "What was not read", "`coverage.not_read[].reason`.", vocabulary.UNREAD_REASONS
            ),
            *_words(
                "Claims set aside",
                "`findings.unverified[].reason`, where no quote is missing.",
                vocabulary.UNVERIFIED_REASONS,
            ),
            *_words(
                "Resets of a stream",
                "`reason` of `stream-reset`, and of the message `webhook.reset`.",
                vocabulary.RESET_REASONS,
            ),
            *_words(
                "Deliveries of webhooks",
                "`code` of those that failed.",
                vocabulary.DELIVERY_CODES,
            ),
        ]
    )


def _section(title: str, said: str) -> list[str]:
    return [f"## {title}", "", said, ""]


def _words(title: str, said: str, words: Mapping[str, str]) -> list[str]:
    rows = [(f"`{name}`", meaning) for name, meaning in words.items()]
    return [*_section(title, said), *_table(("word", "what"), rows)]


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [heads, ("---",) * len(heads), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


def _problems() -> list[tuple[str, ...]]:
    return [
        (
            f"`{code}`",
            ", ".join(map(_status, text.statuses)),
            text.happened,
            text.advice,
            "yes" if text.may_pass else "",
        )
        for code, text in PROBLEMS.items()
    ]


def _status(status: int) -> str:
    # 460 is of tus alone.
    return f"{status} {phrase(status)}" if status in set(HTTPStatus) else str(status)


def _failures(codes: Iterable[FailureCode]) -> list[tuple[str, ...]]:
    told = ((code, *vocabulary.failure_words(code)) for code in codes)
    return [
        (f"`{code}`", happened, advice, "yes" if may_pass else "")
        for code, happened, advice, may_pass in told
    ]


if __name__ == "__main__":
    PAGE.write_text(page())
