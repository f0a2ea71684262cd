"""Mutants by AST: a definition is found by its name, wherever its file lives, and changed."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.security.mutations.mutation import (
    Added,
    Body,
    Change,
    Condition,
    Fragment,
    Value,
    Without,
)

PRODUCT = ("accounts", "atom_project", "documents")


class Stale(Exception):
    """The product has moved on from what the mutation says; the message is the verdict."""


@dataclass(frozen=True)
class Definition:
    path: Path
    module: str
    qualname: str  # blank for the module itself

    def __str__(self) -> str:
        return f"{self.module}.{self.qualname}".rstrip(".")

    def names(self) -> Iterator[str]:
        """The qualified name alone, and led by ever more of the module's path."""
        parts = self.module.split(".")
        if self.qualname:
            yield self.qualname
        for start in reversed(range(len(parts))):
            yield ".".join([*parts[start:], self.qualname]).rstrip(".")


class Product:
    """The Python files of a tree, as an index of what they define."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._definitions: dict[str, list[Definition]] = defaultdict(list)
        for path in self.files():
            module = ".".join(path.relative_to(root).with_suffix("").parts)
            for qualname, _ in _named(ast.parse(path.read_text())):
                definition = Definition(path, module.removesuffix(".__init__"), qualname)
                for name in definition.names():
                    self._definitions[name].append(definition)

    def files(self) -> list[Path]:
        files = [path for folder in PRODUCT for path in (self.root / folder).rglob("*.py")]
        return [path for path in files if path.parent.name != "migrations"]

    def find(self, name: str) -> Definition:
        """The one definition of this name. Raises `Stale`."""
        found = self._definitions.get(name, [])
        if not found:
            raise Stale(f"no such name: {name}")
        if len(found) > 1:
            raise Stale(f"ambiguous: {', '.join(map(str, found))}")
        return found[0]

    def normalize(self) -> None:
        """Write every file anew as the AST has it, so that a mutant differs by its change only."""
        for path in self.files():
            path.write_text(ast.unparse(ast.parse(path.read_text())))

    def mutant(self, where: str | Path, change: Change) -> tuple[Path, str]:
        """The file that is changed, and what it holds then. Raises `Stale`."""
        if isinstance(where, Path):
            path = self.root / where
            if not path.is_file():
                raise Stale(f"no such file: {where}")
            before = path.read_text()
            after = _replaced(before, change)
        else:
            definition = self.find(where)
            path = definition.path
            tree = ast.parse(path.read_text())
            before = ast.unparse(tree)
            _apply(change, dict(_named(tree))[definition.qualname])
            after = ast.unparse(tree)
        if after == before:
            raise Stale(f"nothing to change in {where}")
        return path, after


def _named(node: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Everything that has a qualified name, and the node itself; not what functions define."""
    yield prefix.rstrip("."), node
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield prefix + name, statement
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                yield prefix + name, statement
            case ast.ClassDef(name=name):
                yield from _named(statement, f"{prefix}{name}.")


def _apply(change: Change, node: ast.AST) -> None:
    match change, node:
        case Body(instead), ast.FunctionDef() | ast.AsyncFunctionDef():
            node.body = ast.parse(instead).body
        case Value(instead), ast.Assign() | ast.AnnAssign():
            node.value = ast.parse(instead, mode="eval").body
        case Added(source), ast.Module() | ast.ClassDef():
            node.body += ast.parse(source).body
        case Condition(mentions, always=always), _:
            _decide(node, mentions, always)
        case Without(mentions), _:
            _take_out(node, mentions)
        case Fragment(), ast.stmt():
            _rewrite(node, change)
        case _:
            raise Stale(f"{type(change).__name__} does not fit {type(node).__name__}")


def _decide(node: ast.AST, mentions: str, always: bool) -> None:
    conditions = [
        each
        for each in ast.walk(node)
        if isinstance(each, ast.If | ast.IfExp) and _mentions(each.test, mentions)
    ]
    if len(conditions) != 1:
        raise Stale(f"{len(conditions)} conditions mention {mentions}")
    conditions[0].test = ast.Constant(always)


def _take_out(node: ast.AST, mentions: str) -> None:
    for each in ast.walk(node):
        for field in ("body", "orelse", "finalbody", "decorator_list", "elts"):
            present = getattr(each, field, None)
            if not isinstance(present, list):
                continue  # An `if` within an expression has a body as well.
            kept = [item for item in present if not (_is_part(item) and _mentions(item, mentions))]
            setattr(each, field, kept or ([ast.Pass()] if field == "body" else []))


def _is_part(item: ast.AST) -> bool:
    """Whether it can go alone: of statements only a call, and no docstring."""
    is_call = isinstance(item, ast.Expr) and not isinstance(item.value, ast.Constant)
    return is_call or not isinstance(item, ast.stmt)


def _mentions(node: ast.AST, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", ast.unparse(node)) is not None


def _rewrite(node: ast.stmt, fragment: Fragment) -> None:
    try:
        (rewritten,) = ast.parse(_replaced(ast.unparse(node), fragment)).body
    except SyntaxError as error:
        raise Stale(f"no Python any more: {error}") from None
    # In place, so that whatever holds the old node holds the new one.
    vars(node).update(vars(rewritten))


def _replaced(text: str, change: Change) -> str:
    if not isinstance(change, Fragment):
        raise Stale(f"{type(change).__name__} is for Python only")
    return text.replace(change.text, change.instead)
