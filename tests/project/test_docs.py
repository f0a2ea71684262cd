"""What the pages for those who change the code point to is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.processes import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
DECISIONS = (ROOT / "docs" / "decisions.md").read_text()
# From "- **Where:**" to the end of its item, which may go on in the next line.
PLACES = re.findall(r"^- \*\*Where:\*\* (.*?)\n(?!  )", DECISIONS, re.MULTILINE | re.DOTALL)


def _names(place: str) -> list[str]:
    return re.findall(r"`(.+?)`", place)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_that_is_named_exists(page: Path) -> None:
    text = page.read_text()
    linked = [page.parent / link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)]
    named = [ROOT / name for name in re.findall(r"`((?:docs/)?[\w-]+\.md)`", text)]
    assert [str(path) for path in [*linked, *named] if not path.exists()] == []


def _anchors(page: Path) -> set[str]:
    """Of its headings, as hosts of source code make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_heading_that_is_named_exists(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text())
    missing = [
        f"{name}#{anchor}"
        for name, anchor in links
        if anchor not in _anchors(page.parent / name if name else page)
    ]
    assert missing == []


@pytest.mark.parametrize("place", sorted({name for each in PLACES for name in _names(each)}))
def test_every_place_of_a_decision_is_in_the_code(place: str) -> None:
    if (ROOT / place).exists() or _sources(place):
        return
    module, _, name = place.partition(".")  # `queue.claim_next`, or `offline.engine`, a module.
    if any(file.parent.name == module for file in _sources(f"{name}.py")):
        return
    files = _sources(f"{module}.py")
    assert files
    definition = re.compile(rf"^ *(?:def|class) {name}\b|^{name} = ", re.MULTILINE)
    assert not name or any(definition.search(file.read_text()) for file in files)


def test_the_places_were_found() -> None:
    assert len(PLACES) == DECISIONS.count("\n### ") > 30


def test_the_rooms_are_told_in_the_order_that_the_imports_keep() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [layers] = [
        contract["layers"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == ["documents"]
    ]
    page = (ROOT / "docs" / "architecture.md").read_text()
    table = page.partition("| room | what it holds |")[2].partition("\n\n")[0]
    told = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in table.splitlines()[2:]]
    assert [set(rooms) for rooms in told] == [set(layer.split(" | ")) for layer in layers]


def _sources(name: str) -> list[Path]:
    rooms = ("accounts", "atom_project", "documents", "static")
    return [file for room in rooms for file in (ROOT / room).rglob(name)]
