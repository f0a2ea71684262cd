"""EBCDIC, the encodings of mainframes: no letter, digit or space stands where ASCII has it."""

from __future__ import annotations

from .likelihood import Likelihood

# What Python can decode; how much rarer than the first, in nats.
_CODE_PAGES = {
    "cp037": 0.0,  # North America
    "cp500": 1.0,  # international
    "cp273": 2.0,  # Germany
    "cp1140": 3.0,  # North America with the euro
    "cp1026": 6.0,  # Turkey
    "cp875": 6.0,  # Greece
    "cp424": 6.0,  # Israel
}
_SPACE = 0x40
_LETTERS_AND_DIGITS = bytes(
    code for first in (0x81, 0x91, 0xA2, 0xC1, 0xD1, 0xE2, 0xF0) for code in range(first, first + 9)
)
_SPACE_SHARE = 0.08
_LETTER_SHARE = 0.55
_SAMPLE = 3_000
# What a letter of a sensible text costs at most; chance costs about seven.
_SENSIBLE = 3.6


def is_likely(data: bytes) -> bool:
    """Whether bytes stand where EBCDIC has spaces and letters; takes no look at words."""
    sample = data[:_SAMPLE]
    if sample.count(_SPACE) < _SPACE_SHARE * len(sample) or b" " in sample[:200].strip(b" "):
        return False
    letters = len(sample) - len(sample.translate(None, _LETTERS_AND_DIGITS))
    return len(sample) >= 20 and letters >= _LETTER_SHARE * len(sample)


def detect(data: bytes) -> str | None:
    """The code page whose letters make the likeliest words, if they are likely at all."""
    if not is_likely(data):
        return None
    likelihood = Likelihood()
    sample = data[:_SAMPLE]
    costs = {
        name: likelihood.cost(_with_line_ends(sample.decode(name, "replace"))) + rarity
        for name, rarity in _CODE_PAGES.items()
    }
    best = min(costs, key=lambda name: costs[name])
    return best if costs[best] < _SENSIBLE * len(sample) else None


def _with_line_ends(text: str) -> str:
    return text.replace("\x85", "\n")
