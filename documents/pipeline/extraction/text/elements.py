"""Elements of HTML: which are shown, which break a line, and which end where no tag says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from . import styles

_VOID_TAGS = "area base br col embed hr img input link meta param source track wbr"
_SILENT_TAGS = "head title iframe noembed noframes object audio video canvas datalist desc xml"
_HEAD_TAGS = "title style script meta link base template noscript xml"
_INLINE_TAGS = """
a abbr acronym area audio b base basefont bdi bdo bgsound big blink button canvas cite code col data
datalist del desc dfn em embed font i iframe img input ins kbd label link map mark math meta meter
nobr noembed noframes noscript object output param picture progress q rb rp rt rtc ruby s samp
script select slot small source span strike strong style sub sup svg template text time title track
tt tspan u var video wbr xml
"""
VOID = frozenset(_VOID_TAGS.split())
_CODE = frozenset(["script", "style", "template"])
_SILENT = _CODE.union(_SILENT_TAGS.split())
_IN_HEAD = frozenset(_HEAD_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_STRUCK = frozenset(["s", "strike", "del"])
_PRESERVED = frozenset(["pre", "textarea", "listing", "xmp"])
_CELLS = frozenset(["td", "th"])
_ROW_ENDS = frozenset(["tr", "tbody", "thead", "tfoot"])
_TABLE = _CELLS | _ROW_ENDS | {"table"}
# The start of a tag ends these, unless one of the second stands between.
_ENDS: dict[str, tuple[Iterable[str], frozenset[str]]] = {
    "li": (["li"], frozenset(["ul", "ol", "menu"])),
    **dict.fromkeys(["dt", "dd"], (["dt", "dd"], frozenset(["dl"]))),
    **dict.fromkeys(_CELLS, (["td", "th"], frozenset(["table"]))),
    **dict.fromkeys(_ROW_ENDS, (["td", "th", "tr"], frozenset(["table"]))),
    "option": (["option"], frozenset(["select"])),
}
_NO_TAGS: frozenset[str] = frozenset()


class Element(NamedTuple):
    """An element, and what its words are by it and by those around it."""

    tag: str
    is_silent: bool = False
    is_code: bool = False
    is_gone: bool = False  # nothing inside can be seen
    unseen: frozenset[str] = _NO_TAGS  # properties by which words are not seen
    is_struck: bool = False
    is_preserved: bool = False
    shift: int = 0

    @property
    def is_laid_out(self) -> bool:
        return not (self.is_silent or self.is_gone)

    @property
    def is_hidden(self) -> bool:
        return self.is_gone or bool(self.unseen)


_NOTHING = Element("")


def breaks(tag: str) -> bool:
    """Whether it has lines of its own: all have but the inline ones, cells, and what is no name."""
    return tag not in _INLINE and tag not in _CELLS and tag.isalnum()


def is_cell(tag: str) -> bool:
    return tag in _CELLS


def inside(around: Element, tag: str, attributes: styles.Attributes) -> Element:
    style = styles.of(attributes)
    is_closed = tag == "dialog" and "open" not in attributes
    return Element(
        tag,
        is_silent=around.is_silent or tag in _SILENT,
        is_code=around.is_code or tag in _CODE,
        is_gone=around.is_gone or is_closed or styles.is_gone(attributes, style),
        unseen=styles.unseen(style, around.unseen),
        is_struck=around.is_struck or tag in _STRUCK or styles.is_struck(style),
        is_preserved=tag in _PRESERVED or styles.is_preserved(style, around.is_preserved),
        shift={"sup": 1, "sub": -1}.get(tag) or styles.shift(style, around.shift),
    )


class OpenElements:
    """Those that have begun and not ended, the innermost last."""

    def __init__(self) -> None:
        self._elements: list[Element] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)  # by tag

    @property
    def innermost(self) -> Element:
        return self._elements[-1] if self._elements else _NOTHING

    def push(self, element: Element) -> None:
        self._places[element.tag].append(len(self._elements))
        self._elements.append(element)

    def ended_by_start(self, tag: str) -> Iterator[Element]:
        """What ends as this begins, because its own end tag may be left out."""
        if self._places["head"] and tag not in _IN_HEAD:
            yield from self._ended("head", _NO_TAGS)
        if self._places["p"] and tag != "br" and breaks(tag):
            yield from self._ended("p", _TABLE)
        ended, between = _ENDS.get(tag, ((), _NO_TAGS))
        for name in ended:
            yield from self._ended(name, between)

    def ended_by_words(self) -> Iterator[Element]:
        """Words have no place in a head, so that it is over, too."""
        return self._ended("head", _NO_TAGS) if self.innermost.tag == "head" else iter(())

    def ended_by_end(self, tag: str) -> Iterator[Element]:
        return self._ended(tag, _NO_TAGS if tag in _TABLE else _CELLS)

    def _ended(self, tag: str, not_past: Iterable[str]) -> Iterator[Element]:
        """From the innermost to the last of this name, unless a wall stands between."""
        places = self._places
        if not places[tag]:
            return
        place = places[tag][-1]
        if any(places[wall] and places[wall][-1] > place for wall in not_past):
            return
        while len(self._elements) > place:
            element = self._elements.pop()
            places[element.tag].pop()
            yield element
