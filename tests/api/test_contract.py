"""Names of the API never leave: today's description beside that of the last release."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.api import contract
from tests.api.test_described import description

__all__ = ["description"]  # A fixture.

# Told in docs/api.md as the exceptions to the promise, each with its reason.
TOLD: set[str] = set()


@pytest.fixture(scope="module")
def released() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(contract.RELEASE.read_text("utf-8"))
    return found


@pytest.mark.skipif(os.environ.get("SCHEMA") != "release", reason="`make schema-release` asks")
def test_store_the_description_of_this_release(description: dict[str, Any]) -> None:
    contract.store(description)
    assert contract.losses(description, json.loads(contract.RELEASE.read_text("utf-8"))) == []


def test_nothing_that_was_released_has_left(
    released: dict[str, Any], description: dict[str, Any]
) -> None:
    assert set(contract.losses(released, description)) == TOLD


# That the comparison sees it.

Change = Callable[[dict[str, Any]], Any]
Fields = dict[str, Any]


def fields(schema: dict[str, Any], name: str) -> Fields:
    found: Fields = schema["components"]["schemas"][name]["properties"]
    return found


def upload_form(schema: dict[str, Any]) -> Fields:
    found: Fields = schema["paths"]["/upload"]["post"]["requestBody"]["content"][
        "multipart/form-data"
    ]["schema"]
    return found


def parameter(schema: dict[str, Any], name: str) -> Fields:
    listed = schema["paths"]["/documents"]["get"]["parameters"]
    return next(each for each in listed if each["name"] == name)


def without_parameter(schema: dict[str, Any]) -> None:
    schema["paths"]["/documents"]["get"]["parameters"].remove(parameter(schema, "status"))


LOSSES: dict[str, Change] = {
    "GET /documents/{id}/pages is gone": lambda s: s["paths"].pop("/documents/{id}/pages"),
    "POST /upload is no longer upload": lambda s: s["paths"]["/upload"]["post"].update(
        operationId="send"
    ),
    "GET /documents no longer takes query status": without_parameter,
    "GET /documents now needs query search": lambda s: parameter(s, "search").update(required=True),
    "GET /documents query kind no longer knows 'letter'": lambda s: parameter(s, "kind")["schema"][
        "enum"
    ].remove("letter"),
    "GET /documents query status[] no longer knows 'failed'": lambda s: parameter(s, "status")[
        "schema"
    ]["items"]["enum"].remove("failed"),
    "GET /documents query page has the minimum 2": lambda s: parameter(s, "page")["schema"].update(
        minimum=2
    ),
    "POST /upload body now needs language": lambda s: upload_form(s)["required"].append("language"),
    "POST /upload body no longer has language": lambda s: upload_form(s)["properties"].pop(
        "language"
    ),
    "POST /upload body language has the maxLength 20": lambda s: upload_form(s)["properties"][
        "language"
    ].update(maxLength=20),
    "POST /upload body files has the maxItems 2": lambda s: upload_form(s)["properties"][
        "files"
    ].update(maxItems=2),
    "POST /upload no longer answers 207": lambda s: s["paths"]["/upload"]["post"]["responses"].pop(
        "207"
    ),
    "GET /documents/{id} 200 body no longer has sha256": lambda s: fields(s, "DocumentDetail").pop(
        "sha256"
    ),
    "GET /documents/{id} 200 body may lack sha256": lambda s: s["components"]["schemas"][
        "DocumentDetail"
    ]["required"].remove("sha256"),
    "GET /documents/{id} 200 body filename may be null": lambda s: fields(s, "DocumentDetail")[
        "filename"
    ].update(type=["string", "null"]),
    "GET /documents/{id} 200 body status no longer knows 'failed'": lambda s: s["components"][
        "schemas"
    ]["StatusEnum"]["enum"].remove("failed"),
    "GET /documents/{id} 200 body failure code no longer knows 'no_text'": lambda s: s[
        "components"
    ]["schemas"]["FailureCode"]["enum"].remove("no_text"),
    "GET /documents 200 body results[] no longer has matches": lambda s: fields(
        s, "ListedDocument"
    ).pop("matches"),
    "GET /documents/{id}/file 200 no longer has the header Content-Disposition": lambda s: s[
        "paths"
    ]["/documents/{id}/file"]["get"]["responses"]["200"]["headers"].pop("Content-Disposition"),
    "schemas Warning is gone": lambda s: s["components"]["schemas"].update(
        Notice=s["components"]["schemas"].pop("Warning")
    ),
}


def renamed(schema: dict[str, Any]) -> dict[str, Any]:
    """References follow a schema that was renamed."""
    text = json.dumps(schema)
    if "Notice" in schema["components"]["schemas"]:
        text = text.replace('schemas/Warning"', 'schemas/Notice"')
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("line", LOSSES)
def test_what_leaves_or_narrows_is_seen(line: str, description: dict[str, Any]) -> None:
    changed = copy.deepcopy(description)
    LOSSES[line](changed)
    assert line in contract.losses(description, renamed(changed))


def test_what_joins_or_widens_is_fine(description: dict[str, Any]) -> None:
    changed = copy.deepcopy(description)
    changed["paths"]["/new"] = changed["paths"]["/usage"]
    fields(changed, "DocumentDetail")["color"] = {"type": "string"}
    changed["components"]["schemas"]["DocumentDetail"]["required"].append("color")
    changed["components"]["schemas"]["FailureCode"]["enum"].append("too_odd")
    upload_form(changed)["properties"]["color"] = {"type": "string"}
    upload_form(changed)["properties"]["files"]["maxItems"] = 100
    parameter(changed, "status")["schema"]["items"]["enum"].append("trashed")
    kind = parameter(changed, "kind")
    kind["schema"] = {"type": "array", "items": kind["schema"]}
    assert contract.losses(description, changed) == []


def test_the_stored_description_is_the_whole_contract(description: dict[str, Any]) -> None:
    bare = json.loads(json.dumps(contract._bare(description)))
    assert contract.losses(description, bare) == contract.losses(bare, description) == []
