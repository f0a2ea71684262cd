"""Error mapping: what each refusal of a model server means, and whether asking again may help."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from documents.failures import FailureCode
from documents.pipeline.analysis.model.capabilities import ServerCapabilities

_TOO_LARGE = re.compile(
    r"context[ _](?:length|size|window)|reduce the length|too many (?:input |prompt )?tokens"
    r"|(?:prompt|input|request|messages?)\b.{0,60}too (?:large|long)"
)
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


class ModelRequestError(Exception):
    """No usable answer: why, whether once more may help, and what it may have cost."""

    def __init__(
        self,
        code: FailureCode,
        *,
        may_pass: bool = False,
        wait: float | None = None,
        maybe_billed: bool = False,
        is_too_large: bool = False,
        fallback: ServerCapabilities | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.may_pass = may_pass
        self.wait = wait
        self.maybe_billed = maybe_billed
        self.is_too_large = is_too_large
        self.fallback = fallback  # what to ask for instead, where the server named what it lacks


@dataclass(frozen=True)
class Refusal:
    """What a server said instead of an answer.

    `words` are in small letters; `param` is the parameter it names, if it names one.
    """

    status: int
    code: str
    param: str
    words: str
    headers: Mapping[str, str]

    @property
    def is_too_large(self) -> bool:
        """Whether what was sent is more than the model reads at once."""
        if self.status == 413:
            return True
        says_so = self.code == "context_length_exceeded" or bool(_TOO_LARGE.search(self.words))
        return self.status in (400, 422, 429) and says_so

    @property
    def wait(self) -> float | None:
        """The seconds the server asks to wait, in any of the ways servers say it."""
        with suppress(ValueError):
            return max(0.0, float(self.headers.get("retry-after-ms", "")) / 1000)
        asked = self.headers.get("retry-after", "")
        with suppress(ValueError):
            return max(0.0, float(asked))
        with suppress(ValueError):
            return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
        return None

    def as_error(self, known: ServerCapabilities, *, longest_wait: float) -> ModelRequestError:
        """The error it comes to, `known` being what the server was taken to understand."""
        if self.status in (401, 403):
            return ModelRequestError(FailureCode.KEY_REJECTED)
        # Before 429, which an empty quota has as well: no waiting fills it.
        if self.status == 402 or self.code in _QUOTA_CODES or "insufficient_quota" in self.words:
            return ModelRequestError(FailureCode.QUOTA_EXHAUSTED)
        if self.status == 404 or self.code == "model_not_found":
            return ModelRequestError(FailureCode.MODEL_NOT_FOUND)
        if self.code == "content_filter":
            return ModelRequestError(FailureCode.MODEL_REFUSED)
        # Before 400: no simpler request is shorter.
        if self.is_too_large:
            return ModelRequestError(FailureCode.MODEL_REJECTED, is_too_large=True)
        if self.status in (400, 422):
            fallback = known.fallback(self.param or self.words, self.words)
            return ModelRequestError(FailureCode.MODEL_REJECTED, fallback=fallback)
        if self.status in (408, 409, 429) or self.status >= 500:
            wait = self.wait
            may_pass = wait is None or wait <= longest_wait
            return ModelRequestError(FailureCode.MODEL_UNAVAILABLE, may_pass=may_pass, wait=wait)
        return ModelRequestError(FailureCode.MODEL_REJECTED)
