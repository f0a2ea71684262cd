"""Reads iCalendar as strictly as RFC 5545 has it; raises `AssertionError` for anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Z0-9-]+")
# A property: a name, parameters without quotes, and a value without control characters.
LINE = re.compile(
    r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=[^\x00-\x1f\x7f\":;,]+)*):([^\x00-\x08\x0a-\x1f\x7f]*)"
)
DATE, MOMENT = re.compile(r"\d{8}"), re.compile(r"\d{8}T\d{6}Z")
TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
TEXTS = {"SUMMARY", "DESCRIPTION"}
REQUIRED = {"VCALENDAR": {"PRODID", "VERSION"}, "VTODO": {"UID", "DTSTAMP"}}
REQUIRED["VEVENT"] = {"UID", "DTSTAMP", "DTSTART"}  # Without METHOD.
ONCE = {"UID", "DTSTAMP", "SUMMARY", "DESCRIPTION", "DUE", "DTSTART", "STATUS", "PRIORITY", "URL"}


@dataclass
class Component:
    name: str
    properties: dict[str, str] = field(default_factory=dict)
    inner: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Component]:
        return [each for each in self.inner if each.name == name]


def read(content: bytes) -> Component:
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # No character is cut in two.
    lines = content.decode().replace("\r\n ", "").split("\r\n")[:-1]
    root, rest = _component(lines)
    assert not rest
    assert root.name == "VCALENDAR"
    uids = [each.properties["UID"] for each in root.inner]
    assert len(uids) == len(set(uids))
    return root


def _component(lines: list[str]) -> tuple[Component, list[str]]:
    begin, *lines = lines
    assert begin.startswith("BEGIN:")
    component = Component(begin.removeprefix("BEGIN:"))
    while not lines[0].startswith("END:"):
        if lines[0].startswith("BEGIN:"):
            inner, lines = _component(lines)
            component.inner.append(inner)
            continue
        _property(component, lines.pop(0))
    assert lines.pop(0) == f"END:{component.name}"
    assert component.properties.keys() >= REQUIRED[component.name]
    return component, lines


def _property(component: Component, line: str) -> None:
    found = LINE.fullmatch(line)
    assert found, line
    name, parameters, value = found.groups()
    assert name not in component.properties or name not in ONCE, name
    if name in {"DUE", "DTSTART"}:
        assert parameters == ";VALUE=DATE"
        assert DATE.fullmatch(value)
    if name == "DTSTAMP":
        assert MOMENT.fullmatch(value)
    if name == "STATUS":
        assert value in {"NEEDS-ACTION", "COMPLETED"}
    if name == "PRIORITY":
        assert 0 <= int(value) <= 9
    if name == "URL":
        assert re.fullmatch(r"https?://[!-~]+", value)
    if name in TEXTS:
        assert TEXT.fullmatch(value), value
        value = re.sub(r"\\(.)", lambda each: "\n" if each[1] in "nN" else each[1], value)
    component.properties[name] = value
