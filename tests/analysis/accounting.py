"""The ledger held against the model server's own journal, call by call."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from typing import Any

AT_ONCE = 4  # calls that a killed worker may have had on their way


def fingerprint(body):
    """What the ledger calls the request with this body."""
    schema = body["response_format"]["json_schema"]["schema"]
    asked = [body["model"], body["messages"], schema]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def differences(journal, calls, *, kills):
    """What does not add up; empty where ledger and journal tell the same."""
    rows, told = list(calls), list(journal)
    asked: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in told:
        asked[fingerprint(entry["body"])].append(entry)
    written = Counter(row.request_hash for row in rows)
    states = Counter(row.state for row in rows)
    found = [
        f"{len(same)} requests for {request}, but {written[request]} rows"
        for request, same in asked.items()
        if len(same) > written[request]
    ]
    if states["intended"]:
        found.append(f"{states['intended']} calls are still open")
    if states["unknown"] > AT_ONCE * kills:
        found.append(f"{states['unknown']} calls are unknown after {kills} kills")
    if len(rows) - len(told) > states["unknown"]:
        found.append("rows without a request that were not cut off")
    for row in rows:
        if row.state == "answered":
            found += _of_answer(row, asked[row.request_hash])
    return found


def _of_answer(row, same):
    usages = [entry["usage"] for entry in same if "usage" in entry]
    found = []
    if not any(
        (usage["prompt_tokens"], usage["completion_tokens"])
        == (row.input_tokens, row.output_tokens)
        for usage in usages
    ):
        found.append(f"{row.request_hash}: tokens differ from what the server counted")
    if any(entry["at"] > row.closed_at.timestamp() for entry in same):
        found.append(f"{row.request_hash}: asked for again after it was answered")
    return found
