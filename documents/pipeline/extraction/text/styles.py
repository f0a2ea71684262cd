"""What an HTML element's style says of its words: hidden, struck, raised, with their line ends.

Style sheets are not looked at, nor letters in the color of what lies below them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Attributes = Mapping[str, str | None]
Style = Mapping[str, str]

_LONGEST = 2_000  # characters of one style
_DECLARATION = re.compile(r"([a-z-]{1,40})\s*:\s*([^;]{1,200})")
_NONE_AT_ALL = r"(?:0+(?:\.0*)?|\.0+)(?:px|pt|r?em|%)?"
# These hide all that is inside an element, whatever it says itself,
_GONE = {"display": re.compile("none"), "opacity": re.compile(_NONE_AT_ALL)}
# and these are handed down until an inner element says otherwise, as many layouts of mail do.
_INHERITED = {
    "visibility": re.compile("hidden|collapse"),
    "font-size": re.compile(rf"{_NONE_AT_ALL}|1px"),
    "color": re.compile(r"transparent|rgba\([^)]{0,60},\s*(?:0+(?:\.0*)?|\.0+)\s*\)"),
}
_NO_SIZE = re.compile(_NONE_AT_ALL)
_SIZES = ("height", "max-height", "width", "max-width")
_FAR_AWAY = re.compile(r"-\d{3,5}(?:\.\d{1,5})?(?:px|pt|em)")
_PRESERVED = re.compile("pre|pre-wrap|pre-line|break-spaces")


def of(attributes: Attributes) -> Style:
    """The properties of its `style`; of several the last counts."""
    style = (attributes.get("style") or "")[:_LONGEST].lower()
    return {name: value.partition("!")[0].strip() for name, value in _DECLARATION.findall(style)}


def is_gone(attributes: Attributes, style: Style) -> bool:
    """Whether nobody sees anything of the element."""
    if "hidden" in attributes and "display" not in style:
        return True
    if any(rule.fullmatch(style.get(name, "")) for name, rule in _GONE.items()):
        return True
    is_cut_off = style.get("overflow") in ("hidden", "clip") and any(
        _NO_SIZE.fullmatch(style.get(name, "")) for name in _SIZES
    )
    is_absolute = style.get("position") in ("absolute", "fixed")
    moved = ("text-indent", *(("left", "top") if is_absolute else ()))
    return is_cut_off or any(_FAR_AWAY.fullmatch(style.get(name, "")) for name in moved)


def unseen(style: Style, around: frozenset[str]) -> frozenset[str]:
    """The properties that keep the words of an element from being seen."""
    said = style.keys() & _INHERITED.keys()
    if not said:
        return around
    own = {name for name in said if _INHERITED[name].fullmatch(style[name])}
    return (around - said) | own


def is_struck(style: Style) -> bool:
    lines = (style.get("text-decoration", ""), style.get("text-decoration-line", ""))
    return any("line-through" in line for line in lines)


def is_preserved(style: Style, around: bool) -> bool:
    """Whether its line ends are shown."""
    if "white-space" not in style:
        return around
    return _PRESERVED.fullmatch(style["white-space"]) is not None


def shift(style: Style, around: int) -> int:
    """1 where its words are raised, -1 where they are lowered."""
    return {"super": 1, "sub": -1}.get(style.get("vertical-align", ""), around)
