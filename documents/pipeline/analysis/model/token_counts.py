"""Token counts: what this server's tokenizer makes of a text, beside our own estimate.

The estimate is the same for all models; their tokenizers differ by a factor of three for scripts
they were not made for. What a server counted for small texts tells what it should count for
large ones: a lower figure, or the same one for texts of different length, is a cut.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping

# Shares of what is expected: from the first on all is there, below the second something is
# missing; between them nobody can tell, because a sample is not the whole text.
WHOLE_SHARE, CUT_SHARE = 0.97, 0.88
SAFETY = 1.15  # that much more than expected is still no surprise
# Two texts so different in size are never counted alike by chance.
_ALIKE = 1.1
_MOST_REMEMBERED = 200

_SCRIPTS = {
    "cjk": re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"),
    "cyrillic or greek": re.compile(r"[\u0370-\u058f]"),
    "other": re.compile(r"[\u0590-\u2fff]"),
    # Estimated letter by letter: in Czech they are one of six, in French one of thirty.
    "latin with marks": re.compile(r"[\u00c0-\u024f]"),
    "figures": re.compile(r"\d"),
}
_SHARES = {"latin with marks": 0.05, "figures": 0.2}
_USUAL_SHARE = 0.3
_LOOKED_AT = 20_000  # characters


def script_of(text: str) -> str:
    """The kind of text it is, as far as tokenizers care."""
    text = text[:_LOOKED_AT]
    for name, letters in _SCRIPTS.items():
        if len(letters.findall(text)) > _SHARES.get(name, _USUAL_SHARE) * len(text):
            return name
    return "latin"


class TokenCounts:
    """What one server and model have counted while this process runs; shared by threads."""

    def __init__(self) -> None:
        self.largest = 0  # the longest prompt it has counted: so much it can read at once
        self._ratios: dict[str, float] = {}
        self._estimates: dict[tuple[str, int], int] = {}
        self._lock = threading.Lock()

    def learn(self, script: str, *, estimate: int, count: int) -> None:
        """From a text of which nothing can be missing."""
        with self._lock:
            self._ratios[script] = count / max(estimate, 1)

    def learned(self) -> dict[str, float]:
        """The ratios, to be kept; two digits are more than they are good for."""
        with self._lock:
            return {script: round(ratio, 2) for script, ratio in self._ratios.items()}

    def recall(self, ratios: Mapping[str, float]) -> None:
        """Take over what an earlier process learned, where this one has not counted itself."""
        with self._lock:
            self._ratios = {**ratios, **self._ratios}

    def ratio(self, script: str) -> float | None:
        """Tokens counted for each one estimated; None where that is not known yet."""
        return self._ratios.get(script)

    def repeats(self, script: str, *, estimate: int, count: int) -> bool:
        """Whether a text of another length was counted alike: both filled the same context."""
        with self._lock:
            self.largest = max(self.largest, count)
            if len(self._estimates) >= _MOST_REMEMBERED:
                self._estimates.clear()
            before = self._estimates.setdefault((script, count), estimate)
        return max(before, estimate) > _ALIKE * min(before, estimate)
