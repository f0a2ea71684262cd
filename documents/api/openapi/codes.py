"""Codes, reasons and steps as named enumerations, from the tables that docs/errors.md has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from atom_project.problem_codes import ProblemCode
from documents.api import vocabulary
from documents.failures import FailureCode

# Over a quota, whole requests are refused as well as single files.
_OF_QUOTAS = (FailureCode.QUOTA_QUEUE, FailureCode.QUOTA_BYTES, FailureCode.QUOTA_DOCUMENTS)

ENUMERATIONS: dict[str, tuple[str, ...]] = {
    "ProblemCode": (*ProblemCode, *_OF_QUOTAS),
    "RefusalCode": vocabulary.refused_at_upload(),
    "FailureCode": vocabulary.of_documents(),
    "StatusReason": (*vocabulary.STATUS_REASONS, *vocabulary.of_documents()),
    "ProgressStep": tuple(vocabulary.PROGRESS_STEPS),
    "UnreadReason": tuple(vocabulary.UNREAD_REASONS),
    "WarningCode": tuple(vocabulary.WARNINGS),
    "ResetReason": tuple(vocabulary.RESET_REASONS),
    "DeliveryCode": tuple(vocabulary.DELIVERY_CODES),
}

# schema, property: enumeration
USES = {
    ("Problem", "code"): "ProblemCode",
    ("NothingUploaded", "code"): "ProblemCode",
    ("RefusedFile", "code"): "RefusalCode",
    ("Failure", "code"): "FailureCode",
    ("StatusEvent", "reason"): "StatusReason",
    ("Progress", "step"): "ProgressStep",
    ("UnreadPage", "reason"): "UnreadReason",
    ("Warning", "code"): "WarningCode",
    ("WebhookDelivery", "code"): "DeliveryCode",
}


def add(schemas: dict[str, Any]) -> None:
    for name, values in ENUMERATIONS.items():
        schemas[name] = {"type": "string", "enum": _once(values)}
    for (schema, field), enumeration in USES.items():
        properties = schemas[schema]["properties"]
        properties[field] = _open(enumeration, properties[field])


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(map(str, values)))


def _open(enumeration: str, was: dict[str, Any]) -> dict[str, Any]:
    """One of them, or one that joined later: a client must not break on that."""
    kinds = [{"$ref": f"#/components/schemas/{enumeration}"}, {"type": "string"}]
    if "null" in was["type"]:
        kinds.append({"type": "null"})
    kept = {name: said for name, said in was.items() if name not in ("type", "maxLength")}
    return {**kept, "anyOf": kinds}
