"""Which scope a request needs, and the refusal where its key has not got it (RFC 6750, 3.1)."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS

from accounts.keys.model import ApiKey, Scope
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem


class InsufficientScope(Problem):
    def __init__(self, scope: str) -> None:
        challenge = f'Bearer realm="atom", error="insufficient_scope", scope="{scope}"'
        super().__init__(
            403,
            ProblemCode.INSUFFICIENT_SCOPE,
            f'This API key may not do that. Make one with the scope "{scope}".',
            headers={"WWW-Authenticate": challenge},
        )


def needed(method: str, view: Any) -> Scope | None:
    """Looking needs `read`, whatever else `all`, unless the view has a `key_scope` of its own.

    `key_scope_to_look`: where looking is a part of what the view is for; None: any key may.
    """
    if method in SAFE_METHODS:
        return getattr(view, "key_scope_to_look", Scope.READ)
    return getattr(view, "key_scope", Scope.ALL)


def require(key: ApiKey | None, scope: str | None) -> None:
    """Raise `InsufficientScope` where a key came that lacks the scope; a login has all."""
    if key is not None and scope is not None and not key.allows(scope):
        raise InsufficientScope(scope)
