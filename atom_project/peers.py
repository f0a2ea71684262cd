"""Client addresses as limits count them. Nothing here needs Django to be set up."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

UNKNOWN = "unknown"


def counted_as(peer: str) -> str:
    """The address whose tries and connections count together.

    An IPv6 customer holds a whole /64 (RFC 6177), so that counts as one address.
    """
    try:
        parsed = ip_address(_without_port(peer))
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def _without_port(peer: str) -> str:
    """Some proxies write `203.0.113.9:5678` or `[2001:db8::9]:5678`, as RFC 7239 does."""
    if peer.startswith("["):
        return peer[1:].partition("]")[0]
    return peer.partition(":")[0] if peer.count(":") == 1 else peer


def is_trusted(peer: str) -> bool:
    """Whether this peer is a proxy that `ATOM_TRUSTED_PROXY` names."""
    trusted = [entry.strip() for entry in settings.ATOM_TRUSTED_PROXY.split(",")]
    if "*" in trusted:
        return True
    try:
        return any(ip_address(peer) in ip_network(entry, strict=False) for entry in trusted)
    except ValueError:
        return False
