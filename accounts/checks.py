"""What an operator should know about the settings, told by `manage.py check`."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

SETTINGS = "settings"  # The tag of what an operator can get wrong; all others look at our code.


@register(SETTINGS)
def setting_notes(**_: Any) -> list[CheckMessage]:
    return [Warning(note, id="atom.W001") for note in settings.SETTING_NOTES]


@register(SETTINGS)
def trusted_proxy(**_: Any) -> list[CheckMessage]:
    """A proxy that cannot be recognized would make all visitors one address."""
    entries = [entry.strip() for entry in settings.ATOM_TRUSTED_PROXY.split(",")]
    return [
        Error(
            f"ATOM_TRUSTED_PROXY holds {entry!r}, which is neither an address, a network nor *.",
            hint="Give the address the proxy connects from, such as 127.0.0.1 or 10.0.0.0/8.",
            id="atom.E001",
        )
        for entry in entries
        if entry and entry != "*" and not _is_network(entry)
    ]


def _is_network(entry: str) -> bool:
    try:
        ip_network(entry, strict=False)
    except ValueError:
        return False
    return True
