"""Pages as tests look at them: elements with their attributes and text."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "img", "br", "hr"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.raw = ""

    @property
    def text(self) -> str:
        """Its text as a reader sees it, each run of spaces as one."""
        return " ".join(self.raw.split())

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def is_inside(self, other: Element) -> bool:
        return self is other or (self.parent is not None and self.parent.is_inside(other))


class Html(HTMLParser):
    """A parsed page. Every tag must be closed by its own: what nests wrongly fails the test."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(content.decode())
        self.close()
        assert not self._open, f"never closed: {self._open[-1].tag}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self._open[-1] if self._open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, parent)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.raw += data

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Elements with this tag and these attributes; `class_` means one of the classes."""
        return [
            element
            for element in self.elements
            if (not tag or element.tag == tag)
            and all(_has(element, name, value) for name, value in attributes.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]

    @property
    def text(self) -> str:
        return self.one("main").text if self.all("main") else self.elements[0].text

    def form(self, action: str) -> dict[str, str]:
        """What the form with this action sends when nothing is filled in."""
        form = self.one("form", action=action)
        assert form["method"] == "post"
        inputs = [each for each in self.all("input", type="hidden") if each.is_inside(form)]
        return {each["name"]: each["value"] for each in inputs}


def _has(element: Element, name: str, value: str) -> bool:
    if name == "class_":
        return value in element.attributes.get("class", "").split()
    return element.attributes.get(name.replace("_", "-")) == value
