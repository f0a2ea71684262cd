"""The keys that sign sessions and tokens: those given, or made once where none is."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from atom_project.data_folder import generated_secrets

SHORTEST = 32  # bytes; as long as the hash that signs (RFC 7518, 3.2)


def signing_keys(
    given: dict[str, str], path: Path, *, notes: list[str], is_local_only: bool
) -> dict[str, str]:
    """The keys by name; those that are given blank come from the file at `path`.

    A short key of tokens stops the start, or signs nothing where only this machine comes.
    """
    if 0 < len(given["JWT_SECRET_KEY"].encode()) < SHORTEST:
        advice = (
            "JWT_SECRET_KEY is shorter than 32 bytes and could be guessed. Make one with "
            '`python3 -c "import secrets; print(secrets.token_urlsafe(48))"`.'
        )
        if not is_local_only:
            raise ImproperlyConfigured(advice)
        # A server started by hand may be reached by others all the same.
        given = {**given, "JWT_SECRET_KEY": ""}
        notes.append(f"{advice} It counts as blank.")
    if not all(given.values()):
        made = generated_secrets(path, list(given))
        given = {name: key or made[name] for name, key in given.items()}
    return given
