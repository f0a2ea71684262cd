"""What a description of the API has lost beside an earlier one: names, and what may be sent.

The promise of docs/api.md: names never leave, and fields and codes may join. So an answer may say
more and a request may allow more; whatever a client could rely on stays. `make schema-release`
stores the description that is compared with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RELEASE = Path(__file__).with_name("schema_of_release.json")
METHODS = ("get", "put", "post", "patch", "delete", "head", "options")
# keyword: 1 where a greater value is the narrower one, -1 where a smaller one is
LIMITS = {
    **dict.fromkeys(("minimum", "minLength", "minItems"), 1),
    **dict.fromkeys(("maximum", "maxLength", "maxItems"), -1),
}

Schema = dict[str, Any]


def losses(before: Schema, now: Schema) -> list[str]:
    """A line for each thing that a client may have used and that is gone."""
    return sorted(set(_Comparison(before, now).lines()))


class _Comparison:
    def __init__(self, before: Schema, now: Schema) -> None:
        self._before = before
        self._now = now

    def lines(self) -> Iterator[str]:
        for kind, named in self._before.get("components", {}).items():
            known = self._now.get("components", {}).get(kind, {})
            # Generated clients have a class of this name.
            yield from (f"{kind} {name} is gone" for name in named if name not in known)
        for path, methods in self._before["paths"].items():
            for method in METHODS:
                if method in methods:
                    where = f"{method.upper()} {path}"
                    operation = self._now["paths"].get(path, {}).get(method)
                    if operation is None:
                        yield f"{where} is gone"
                    else:
                        yield from self._operation(where, methods[method], operation)

    def _operation(self, where: str, before: Schema, now: Schema) -> Iterator[str]:
        # Generated clients have a function of this name.
        if before["operationId"] != now["operationId"]:
            yield f"{where} is no longer {before['operationId']}"
        yield from self._parameters(where, before, now)
        yield from self._body(where, before.get("requestBody"), now.get("requestBody"))
        for status, answer in before["responses"].items():
            if status not in now["responses"]:
                yield f"{where} no longer answers {status}"
                continue
            yield from self._answer(f"{where} {status}", answer, now["responses"][status])

    def _parameters(self, where: str, before: Schema, now: Schema) -> Iterator[str]:
        old, new = _by_name(before), _by_name(now)
        yield from (f"{where} no longer takes {name}" for name in old if name not in new)
        for name, parameter in new.items():
            if parameter.get("required") and not old.get(name, {}).get("required"):
                yield f"{where} now needs {name}"
            if name in old:
                spot = f"{where} {name}"
                schema = _of_one(parameter, old[name]["schema"])
                yield from self._taken(spot, old[name]["schema"], schema, set())

    def _body(self, where: str, before: Schema | None, now: Schema | None) -> Iterator[str]:
        if before is None or now is None:
            if before:
                yield f"{where} no longer takes a body"
            if now and now.get("required"):
                yield f"{where} now needs a body"
            return
        if now.get("required") and not before.get("required"):
            yield f"{where} now needs a body"
        for media_type, content in before["content"].items():
            if media_type not in now["content"]:
                yield f"{where} no longer takes {media_type}"
                continue
            new = now["content"][media_type]["schema"]
            yield from self._taken(f"{where} body", content["schema"], new, set())

    def _answer(self, where: str, before: Schema, now: Schema) -> Iterator[str]:
        before, now = _resolved(before, self._before), _resolved(now, self._now)
        for header in before.get("headers", {}):
            if header not in now.get("headers", {}):
                yield f"{where} no longer has the header {header}"
        for media_type, content in before.get("content", {}).items():
            if media_type not in now.get("content", {}):
                yield f"{where} is no longer {media_type}"
                continue
            new = now["content"][media_type].get("schema", {})
            yield from self._said(f"{where} body", content.get("schema", {}), new, set())

    # Schemas: what is taken may widen, what is said may grow.

    def _taken(self, where: str, before: Schema, now: Schema, seen: set[Any]) -> Iterator[str]:
        old, new = _kinds(before, self._before), _kinds(now, self._now)
        if not new:
            return
        if not old:
            yield f"{where} took anything"
        for kind, schemas in old.items():
            matching = new.get(kind) or (new.get("number") if kind == "integer" else None)
            if not matching:
                yield f"{where} no longer takes {kind}"
                continue
            was, is_now = _joined(schemas), _joined(matching)
            yield from _members_gone(where, was, is_now)
            if was["is_open"] and not is_now["is_open"]:
                yield f"{where} takes some values only"
            yield from _narrowed(where, was, is_now)
            needed = set(is_now.get("required", ())) - set(was.get("required", ()))
            yield from (f"{where} now needs {name}" for name in needed)
            yield from self._inside(self._taken, where, was, is_now, seen)

    def _said(self, where: str, before: Schema, now: Schema, seen: set[Any]) -> Iterator[str]:
        old, new = _kinds(before, self._before), _kinds(now, self._now)
        if not old:
            return
        if not new:
            yield f"{where} may be anything"
        yield from (
            f"{where} may be {kind}"
            for kind in new
            if kind not in old and not (kind == "integer" and "number" in old)
        )
        for kind, schemas in new.items():
            if kind not in old:
                continue
            was, is_now = _joined(old[kind]), _joined(schemas)
            yield from _members_gone(where, was, is_now)
            missing = set(was.get("required", ())) - set(is_now.get("required", ()))
            yield from (f"{where} may lack {name}" for name in missing)
            yield from self._inside(self._said, where, was, is_now, seen)

    def _inside(
        self, compare: Any, where: str, before: Schema, now: Schema, seen: set[Any]
    ) -> Iterator[str]:
        # Things within things of their own kind would have no end.
        pair = (json.dumps(before, sort_keys=True), json.dumps(now, sort_keys=True))
        if pair in seen:
            return
        seen = {*seen, pair}
        properties = now.get("properties", {})
        for name, schema in before.get("properties", {}).items():
            if name in properties:
                yield from compare(f"{where} {name}", schema, properties[name], seen)
            else:
                yield f"{where} no longer has {name}"
        if "items" in before and "items" in now:
            yield from compare(f"{where}[]", before["items"], now["items"], seen)


def _by_name(operation: Schema) -> dict[str, Schema]:
    return {
        f"{parameter['in']} {parameter['name']}": parameter
        for parameter in operation.get("parameters", [])
    }


def _of_one(parameter: Schema, before: Schema) -> Schema:
    """Several in a query are repeated, so that one alone is sent as it was before."""
    schema: Schema = parameter["schema"]
    may_repeat = parameter["in"] == "query" and parameter.get("explode", True)
    if may_repeat and schema.get("type") == "array" and before.get("type") != "array":
        one: Schema = schema["items"]
        return one
    return schema


def _resolved(schema: Schema, description: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = description
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _kinds(schema: Schema, description: Schema) -> dict[str, list[Schema]]:
    """The alternatives of a schema by their type; none where it says nothing."""
    schema = _resolved(schema, description)
    found: dict[str, list[Schema]] = {}
    if parts := schema.get("allOf"):
        whole = _joined([_resolved(part, description) for part in parts])
        rest = {key: value for key, value in schema.items() if key != "allOf"}
        return _kinds({**whole, **rest}, description)
    for alternative in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        for kind, schemas in _kinds(alternative, description).items():
            found.setdefault(kind, []).extend(schemas)
    if found:
        return found
    types = schema.get("type", _type_of(schema))
    for kind in [types] if isinstance(types, str) else types:
        found.setdefault(kind, []).append(schema)
    return found


def _type_of(schema: Schema) -> list[str]:
    values = [schema["const"]] if "const" in schema else schema.get("enum", [])
    names = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
    return sorted({names[type(value)] for value in values})


def _joined(schemas: list[Schema]) -> Schema:
    """Alternatives of one type as one: all their properties, and what each of them requires."""
    joined: Schema = {}
    for schema in schemas:
        joined |= {key: schema[key] for key in ("items", "const", *LIMITS) if key in schema}
        joined["properties"] = joined.get("properties", {}) | schema.get("properties", {})
    joined["required"] = sorted(
        set.intersection(*(set(schema.get("required", ())) for schema in schemas))
    )
    listed = [schema["enum"] for schema in schemas if "enum" in schema]
    joined["enum"] = [value for values in listed for value in values]
    joined["is_open"] = len(listed) < len(schemas)
    return joined


def _members_gone(where: str, before: Schema, now: Schema) -> Iterator[str]:
    """Of enumerations; in answers too, where a client compares with them by name."""
    if now["is_open"] and not now["enum"]:
        return
    for value in before["enum"]:
        if value not in now["enum"]:
            yield f"{where} no longer knows {value!r}"


def _narrowed(where: str, before: Schema, now: Schema) -> Iterator[str]:
    for limit, direction in LIMITS.items():
        new, old = now.get(limit), before.get(limit)
        if new is not None and (old is None or new * direction > old * direction):
            yield f"{where} has the {limit} {new}"


def store(description: Schema) -> None:
    """What clients read of it, compact: prose and examples are no part of the contract."""
    RELEASE.write_text(json.dumps(_bare(description), separators=(",", ":")) + "\n", "utf-8")


def _bare(part: Any, *, is_named: bool = False) -> Any:
    if isinstance(part, list):
        return [_bare(each) for each in part]
    if not isinstance(part, dict):
        return part
    # Fields may be called so as well.
    prose = () if is_named else ("description", "summary", "example", "examples")
    return {
        name: _bare(value, is_named=name in ("properties", "headers", "schemas", "responses"))
        for name, value in part.items()
        if name not in prose
    }
