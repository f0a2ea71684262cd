"""Every code, reason and step that leaves the service is in the tables of docs/errors.md."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from atom_project.problem_codes import ProblemCode
from atom_project.problem_texts import PROBLEMS
from atom_project.problems import Problem
from documents.api import vocabulary
from documents.api.openapi import codes
from documents.dashboard import coverage
from documents.failures import FailureCode
from tests.api import errors_page

ROOT = Path(__file__).parents[2]
ROOMS = ("accounts", "atom_project", "documents")


def calls() -> Iterator[ast.Call]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text())
            yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def problems_made() -> dict[str, set[int]]:
    """The statuses under which the code makes each problem, as far as they are written out."""
    found: dict[str, set[int]] = {}
    for call in calls():
        match call.args:
            case [
                ast.Constant(value=int(status)),
                ast.Attribute(value=ast.Name(id="ProblemCode"), attr=name),
                *_,
            ]:
                found.setdefault(ProblemCode[name], set()).add(status)
    return found


def test_every_problem_code_is_explained() -> None:
    assert list(PROBLEMS) == list(ProblemCode)


def test_problems_are_made_under_the_statuses_that_the_table_names() -> None:
    made = problems_made()
    assert len(made) > 40
    for code, statuses in made.items():
        assert statuses <= set(PROBLEMS[ProblemCode(code)].statuses), code


def test_every_failure_code_is_refused_at_upload_or_fails_a_document() -> None:
    both = (*vocabulary.refused_at_upload(), *vocabulary.of_documents())
    assert list(both) == list(FailureCode)
    assert vocabulary.refused_at_upload()[-1] == FailureCode.QUOTA_DOCUMENTS


def literals(keyword: str) -> set[str]:
    """What is given for this keyword, where it is written out."""
    return {
        given.value.value
        for call in calls()
        for given in call.keywords
        if given.arg == keyword and isinstance(given.value, ast.Constant) and given.value.value
    }


def entries(key: str, *rooms: str) -> set[str]:
    """What dictionaries written out in these rooms have under the key."""
    found = set()
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Dict):
                    pairs = zip(node.keys, node.values, strict=True)
                    found |= {
                        value.value
                        for name, value in pairs
                        if isinstance(name, ast.Constant)
                        and name.value == key
                        and isinstance(value, ast.Constant)
                    }
    return found


def test_every_reason_that_is_written_out_is_in_a_table() -> None:
    known = {*vocabulary.STATUS_REASONS, *vocabulary.UNVERIFIED_REASONS}
    assert {"retry", "released", "reused", "not_named"} <= literals("reason") <= known


def test_every_reason_why_something_was_not_read_is_in_the_table() -> None:
    written = entries("reason", "documents/pipeline/extraction", "documents/pipeline")
    written -= {*vocabulary.UNVERIFIED_REASONS, "instruction"}
    enumerated = {str(each) for kind in vocabulary.UNREAD_KINDS for each in kind}
    shown = set(coverage._REASONS) - {"unverified"}  # Told by a list of its own.
    assert {"page_limit", "attachments"} <= written
    assert written | enumerated | shown <= set(vocabulary.UNREAD_REASONS)


def test_the_page_of_codes_is_written_from_the_tables() -> None:
    assert errors_page.PAGE.read_text() == errors_page.page(), "run `make errors`"


@pytest.fixture(scope="module")
def schemas() -> Any:
    return Client().get("/schema").json()["components"]["schemas"]


def test_the_example_of_the_page_is_a_problem_as_it_leaves() -> None:
    example = json.loads(errors_page.HEAD.partition("```json\n")[2].partition("```")[0])
    problem = Problem(example["status"], ProblemCode(example["code"]), example["detail"])
    assert problem.as_json() == example


def test_the_description_has_every_code_and_lets_others_join(schemas: Any) -> None:
    assert {str(code) for code in ProblemCode} <= set(schemas["ProblemCode"]["enum"])
    assert set(schemas["FailureCode"]["enum"]) | set(schemas["RefusalCode"]["enum"]) == {
        str(code) for code in FailureCode
    }
    for (schema, field), name in codes.USES.items():
        kinds = schemas[schema]["properties"][field]["anyOf"]
        assert kinds[:2] == [{"$ref": f"#/components/schemas/{name}"}, {"type": "string"}]


@pytest.mark.parametrize(
    ("status", "title"), [(413, "Content Too Large"), (422, "Unprocessable Content"), (410, "Gone")]
)
def test_a_title_is_the_same_on_every_python(status: int, title: str) -> None:
    """Python 3.13 renamed four statuses after RFC 9110."""
    assert Problem(status, ProblemCode.BAD_REQUEST, "No.").title == title
