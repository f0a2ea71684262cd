"""Mutations find what they take out, wherever it has moved; one that cannot says so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.security.mutations import MUTATIONS
from tests.security.mutations.mutants import Product, Stale
from tests.security.mutations.mutation import (
    Added,
    Body,
    Change,
    Condition,
    Fragment,
    Value,
    Without,
)

ROOT = Path(__file__).parents[2]

ROOMS = """
KINDS = ['large', 'small']

class Room:
    places: int = 3

    @guarded
    def take(self, size):
        '''The guarded one refuses a large size.'''
        if size > self.places:
            refuse(size)
        return size if self.is_open else None

    async def is_free(self):
        return self.places > 0
"""


def product(root: Path, *paths: str) -> Product:
    """A product with these rooms in each of the files."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(ROOMS)
    return Product(root)


def mutant(product: Product, where: str | Path, change: Change) -> str:
    _, source = product.mutant(where, change)
    return source


# Names.


@pytest.mark.parametrize(
    "path", ["documents/rooms.py", "documents/uploads/space.py", "accounts/__init__.py"]
)
def test_a_qualified_name_is_found_wherever_its_file_lives(tmp_path: Path, path: str) -> None:
    assert product(tmp_path, path).find("Room.take").path == tmp_path / path


def test_what_is_defined_twice_needs_its_module_to_be_told_apart(tmp_path: Path) -> None:
    twice = product(tmp_path, "documents/api/views.py", "documents/pages/views.py")
    both = "documents.api.views.Room.take, documents.pages.views.Room.take"
    for name in ("Room.take", "views.Room.take"):
        with pytest.raises(Stale, match=f"^ambiguous: {both}$"):
            twice.find(name)
    assert str(twice.find("api.views.Room.take")) == "documents.api.views.Room.take"


@pytest.mark.parametrize("name", ["Room.give", "take", "api.Room.take", "ews.Room.take"])
def test_a_name_that_is_missing_or_not_whole_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(Stale, match=f"^no such name: {name}$"):
        product(tmp_path, "documents/views.py", "documents/migrations/api.py").find(name)


# Changes.


@pytest.mark.parametrize(
    ("where", "change", "present", "instead"),
    [
        ("Room.is_free", Body("pass"), "return self.places > 0", "pass"),
        ("KINDS", Value("[]"), "['large', 'small']", "[]"),
        ("Room.places", Value("0"), "= 3", "= 0"),
        ("Room.take", Condition("size", always=False), "if size > self.places:", "if False:"),
        ("Room.take", Condition("is_open", always=True), "if self.is_open", "if True"),
        ("Room.take", Without("size"), "refuse(size)", "pass"),
        ("Room.take", Without("guarded"), "    @guarded\n", ""),
        ("KINDS", Without("small"), ", 'small'", ""),
        ("Room", Added("size = 4"), "places > 0", "places > 0\n    size = 4"),
        ("rooms", Added("import pickle"), "places > 0", "places > 0\nimport pickle"),
        ("Room.take", Fragment("size > self", "9 > self"), "size > self", "9 > self"),
    ],
    ids=str,
)
def test_each_kind_of_change_makes_the_program_it_says(
    tmp_path: Path, where: str, change: Change, present: str, instead: str
) -> None:
    changed = mutant(product(tmp_path, "documents/rooms.py"), where, change)
    normalized = ast.unparse(ast.parse(ROOMS))
    assert changed == normalized.replace(present, instead) != normalized
    assert ast.unparse(ast.parse(changed)) == changed


@pytest.mark.parametrize(
    ("where", "change", "verdict"),
    [
        ("Room.take", Without("give_back"), "nothing to change in Room.take"),
        ("Room.take", Fragment("size < self", "False"), "nothing to change in Room.take"),
        ("Room.take", Fragment("size > self", "size >"), "no Python any more: invalid syntax"),
        ("Room.take", Condition("is_free", always=True), "0 conditions mention is_free"),
        ("Room.take", Condition("self", always=True), "2 conditions mention self"),
        ("Room", Body("pass"), "Body does not fit ClassDef"),
        ("KINDS", Added("small = 1"), "Added does not fit Assign"),
        (Path("gone.html"), Fragment("safe", ""), "no such file: gone.html"),
        (Path("documents/rooms.py"), Body("pass"), "Body is for Python only"),
    ],
    ids=str,
)
def test_a_change_that_does_not_fit_says_why(
    tmp_path: Path, where: str | Path, change: Change, verdict: str
) -> None:
    rooms = product(tmp_path, "documents/rooms.py")
    with pytest.raises(Stale, match=f"^{verdict}"):
        mutant(rooms, where, change)


def test_a_file_that_is_no_python_is_changed_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>{{ name }}</p>\n")
    changed = mutant(Product(tmp_path), Path("page.html"), Fragment(" }}", "|safe }}"))
    assert changed == "<p>{{ name|safe }}</p>\n"


# The list itself.


def test_every_mutation_fits_the_product_as_it_is() -> None:
    present = Product(ROOT)
    stale = []
    for mutation in MUTATIONS:
        try:
            path, changed = present.mutant(mutation.where, mutation.change)
        except Stale as why:
            stale.append(f"{mutation.defence}: {why}")
        else:
            if path.suffix == ".py":
                compile(changed, path, "exec")
    assert stale == []


def test_every_mutation_has_a_test_that_could_notice() -> None:
    assert len({mutation.defence for mutation in MUTATIONS}) == len(MUTATIONS) >= 96
    for mutation in MUTATIONS:
        file, _, names = mutation.test.partition("::")
        defined = re.findall(r"^def (test_\w+)\(", (ROOT / file).read_text(), re.MULTILINE)
        for name in names.split(" or "):
            assert any(name in each for each in defined), mutation.test
