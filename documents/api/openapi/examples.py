"""Examples of answers, taken from a real run: `make examples` writes them anew."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")


@cache
def recorded() -> dict[str, dict[str, Any]]:
    """By `METHOD /path`: status and body of the first answer that went well."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    return found


def put(operation: dict[str, Any], call: str) -> None:
    """In place of those that the framework invents."""
    example = recorded().get(call)
    if example is None:
        return
    content = operation["responses"][example["status"]]["content"]["application/json"]
    content.pop("examples", None)
    content["example"] = example["body"]
