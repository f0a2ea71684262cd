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
from documents.pipeline.analysis.model.error_bodies import Limits

_TOO_LARGE = re.compile(
    r"context[ _](?:length|size|window)|reduce the length|too many (?:input |prompt )?tokens"
    r"|(?:prompt|input|request|messages?)\b.{0,60}too (?:large|long)"
    r"|input tokens exceed|max_new_tokens\W{1,3}must be <=|max_tokens must be at least"
)
_MODEL_UNKNOWN = re.compile(
    r"model\b.{0,200}(?:not found|not exist|not loaded)"
    r"|no models? (?:is |are )?loaded|(?:unknown|invalid) model|failed to load model"
)
_KEY_CODES = frozenset({"invalid_api_key", "authentication_error"})
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_RATE_CODES = frozenset({"rate_limit_exceeded", "rate_limit_error", "resource_unavailable"})
_MODEL_CODES = frozenset({"model_not_found", "model_not_found_error", "model_deprecated"})
NO_LIMITS = Limits()


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
        is_cut: bool = False,
        is_late: bool = False,
        limits: Limits = NO_LIMITS,
        fallback: ServerCapabilities | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.may_pass = may_pass
        self.wait = wait
        self.maybe_billed = maybe_billed
        self.is_too_large = is_too_large
        self.is_cut = is_cut  # in silence: the answer is about a part of what was sent
        self.is_late = is_late  # it was cut off at the deadline
        self.limits = limits  # what the server said of its context
        self.speed: float | None = None  # tokens a second, as last seen before it was late
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
    limits: Limits = NO_LIMITS

    @property
    def is_too_large(self) -> bool:
        """Whether what was sent, or the answer asked for, is more than the model takes at once."""
        if self.status == 413:
            return True
        says_so = self.code in ("context_length_exceeded", "exceed_context_size_error")
        says_so = says_so or bool(_TOO_LARGE.search(self.words) or self.limits.answer)
        # llama.cpp and LM Studio have said it with 500 as well.
        return self.status in (400, 422, 429, 500) and says_so

    @property
    def is_model_unknown(self) -> bool:
        if self.status == 404 or self.code in _MODEL_CODES:
            return True
        return self.status in (400, 422, 500) and bool(_MODEL_UNKNOWN.search(self.words))

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
        if self.status in (401, 403) or self.code in _KEY_CODES:
            return ModelRequestError(FailureCode.KEY_REJECTED)
        # Before 429, which an empty quota has as well: no waiting fills it.
        if self.status == 402 or self.code in _QUOTA_CODES or "insufficient_quota" in self.words:
            return ModelRequestError(FailureCode.QUOTA_EXHAUSTED)
        if self.code == "content_filter":
            return ModelRequestError(FailureCode.MODEL_REFUSED)
        # Before 400: no simpler request is shorter. Before what models are called: "this model's
        # context length" is no unknown model.
        if self.is_too_large:
            return ModelRequestError(
                FailureCode.MODEL_REJECTED, is_too_large=True, limits=self.limits
            )
        if self.is_model_unknown:
            return ModelRequestError(FailureCode.MODEL_NOT_FOUND)
        if self.status in (400, 422) and self.code not in _RATE_CODES:
            fallback = known.fallback(self.param or self.words, self.words)
            return ModelRequestError(FailureCode.MODEL_REJECTED, fallback=fallback)
        return self._passing(longest_wait)

    def _passing(self, longest_wait: float) -> ModelRequestError:
        """A rate limit or an outage, over which waiting may help; or what nobody knows."""
        is_busy = self.status in (408, 409, 425, 429) or self.code in _RATE_CODES
        if not is_busy and self.status < 500:
            return ModelRequestError(FailureCode.MODEL_REJECTED)
        wait = self.wait
        may_pass = wait is None or wait <= longest_wait
        return ModelRequestError(FailureCode.MODEL_UNAVAILABLE, may_pass=may_pass, wait=wait)
