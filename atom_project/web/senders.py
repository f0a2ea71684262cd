"""Senders: whose request it is as far as fair queueing needs to know, before anybody was asked.

The credential of a request is known from an earlier one, by the user it proved to be; until then,
and without one, the address counts. So ten logins of a user are still one sender.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Any

from atom_project import peers

KNOWN = 10_000  # credentials that are remembered, those used last
CREDENTIALS = (b"authorization", b"cookie")

Scope = dict[str, Any]


class Senders:
    """Remembers who came with which credential. For one event loop."""

    def __init__(self) -> None:
        self._users: OrderedDict[bytes, int] = OrderedDict()

    def of(self, scope: Scope) -> str:
        for digest in _credentials(scope):
            if (user := self._users.get(digest)) is not None:
                return f"user:{user}"
        host, _ = scope.get("client") or ("", None)
        return f"address:{peers.counted_as(host)}"

    def learn(self, scope: Scope) -> None:
        """Note whose request that was, once it is answered; `note_user` has found it out."""
        user = scope.get("atom_user")
        if user is None:
            return  # Nobody asked, as for a static file; what was known before still holds.
        for digest in _credentials(scope):
            self._users[digest] = user
            self._users.move_to_end(digest)
        while len(self._users) > KNOWN:
            self._users.popitem(last=False)


def _credentials(scope: Scope) -> list[bytes]:
    """Digests, so that no token stays in memory longer than its request."""
    return [
        hashlib.blake2b(value, digest_size=16).digest()
        for name, value in scope["headers"]
        if name in CREDENTIALS
    ]
