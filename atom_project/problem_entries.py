"""How an entry of the table of problems is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemText:
    """`may_pass`: the same request may be answered otherwise later, without anybody's doing."""

    statuses: tuple[int, ...]
    happened: str
    advice: str
    may_pass: bool = False


def of(*statuses: int, happened: str, advice: str, may_pass: bool = False) -> ProblemText:
    return ProblemText(statuses, happened, advice, may_pass)


def parameter(name: str, advice: str) -> ProblemText:
    return of(400, happened=f"The parameter `{name}` is not understood.", advice=advice)


LISTED = "Send one of those that `detail` lists."
SIGN_IN = "Log in again (`POST /auth/login`)."
OPERATOR = "Tell the operator."
LATER = "Ask again after `Retry-After` seconds."
