"""Where webhooks may go: a guard against server-side request forgery (SSRF).

A name is resolved once, every address of it is judged, and the connection goes to an address that
was judged: a name that answers otherwise a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

IPAddress = IPv4Address | IPv6Address
LONGEST = 2000
PORTS = {"https": 443, "http": 80}  # The only ones outside the networks that are allowed.

# What the registries keep for special uses (RFC 6890 and after), whatever a version of Python
# thinks of it, and the addresses at which clouds tell their machines secrets.
SPECIAL = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's, though it looks public.
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
]
PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
# Behind it a translator (NAT64) reaches IPv4: the address that counts is at the end.
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
ISATAP = (0x00005EFE, 0x02005EFE)  # the third quarter of an address that ends in one of IPv4


class ForbiddenAddress(Exception):
    """The address is not one that webhooks may go to. Its words are for the owner."""


@dataclass(frozen=True)
class Target:
    """A checked URL: what is asked for, of whom, and at which addresses it may be reached."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[IPAddress, ...] = ()

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Target:
    """The parts of a URL that somebody gave. Raises `ForbiddenAddress` for what can never be sent.

    Asks nobody: names are judged when something is sent.
    """
    target = _target(_split(url))
    if target.host == "localhost" or target.host.endswith((".localhost", ".local", ".internal")):
        _require_networks("The name leads to this machine or its own network.")
    if address := _literal(target.host):
        _judge(target, [address])
    return target


def resolve(target: Target) -> Target:
    """The same with its addresses, all of them judged. Raises `ForbiddenAddress`, `OSError`."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    # A set would lose the order, which is that in which the system would try.
    addresses = list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
    _judge(target, addresses)
    return Target(target.scheme, target.host, target.port, target.path, tuple(addresses))


def is_public(address: IPAddress) -> bool:
    """Whether anybody in the Internet has this address; false where it is not sure."""
    judged = _behind(address)
    if isinstance(judged, IPv6Address) and (judged not in PUBLIC_IPV6 or _is_isatap(judged)):
        return False
    if judged.is_multicast or judged.is_reserved or not judged.is_global:
        return False
    return not any(judged in network for network in SPECIAL)


def is_allowed(address: IPAddress) -> bool:
    """Whether the operator named a network that it is in (`ATOM_WEBHOOK_ALLOWED_NETWORKS`)."""
    judged = _behind(address)
    return any(judged in network for network in settings.ATOM_WEBHOOK_ALLOWED_NETWORKS)


def _behind(address: IPAddress) -> IPAddress:
    """The IPv4 address that one of IPv6 stands for, else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in TRANSLATED else address


def _is_isatap(address: IPv6Address) -> bool:
    return (int(address) >> 32) & 0xFFFFFFFF in ISATAP


def _judge(target: Target, addresses: list[IPAddress]) -> None:
    """Every one must be fit: which of them is reached is chance."""
    inside = [is_allowed(address) for address in addresses]
    if not addresses or not all(
        allowed or is_public(address) for allowed, address in zip(inside, addresses, strict=True)
    ):
        raise ForbiddenAddress("The address is of a private or special network.")
    if all(inside):
        return
    if target.scheme == "http" and not settings.ATOM_WEBHOOK_ALLOW_HTTP:
        raise ForbiddenAddress("The address must begin with https://.")
    if target.port != PORTS[target.scheme]:
        raise ForbiddenAddress(f"The port must be {PORTS[target.scheme]}, or left out.")


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise ForbiddenAddress(
            f"The address must be at most {LONGEST} ASCII characters without spaces; write others "
            "percent-encoded, and names of hosts in punycode."
        )
    if "\\" in url:
        raise ForbiddenAddress("The address must have no backslash: some would read another host.")
    try:
        parts = urlsplit(url)
        _ = parts.port  # Read only now, and refused only now.
    except ValueError:
        raise ForbiddenAddress("The address cannot be understood.") from None
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddress("The address must name no user and no password.")
    if "#" in url:
        raise ForbiddenAddress("The address must have no fragment (#…); nobody would be sent it.")
    return parts


def _target(parts: SplitResult) -> Target:
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or not host or parts.port == 0:
        raise ForbiddenAddress("The address must begin with https:// and name a host.")
    if "%" in host or not set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_:"):
        raise ForbiddenAddress("The name of the host has characters that none may have.")
    if parts.scheme == "http" and not settings.ATOM_WEBHOOK_ALLOW_HTTP:
        _require_networks("The address must begin with https://.")
    port = parts.port or PORTS[parts.scheme]
    if port != PORTS[parts.scheme]:
        _require_networks(f"The port must be {PORTS[parts.scheme]}, or left out.")
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def _require_networks(why: str) -> None:
    """Where the operator named networks, only the address itself can tell, which is asked later."""
    if not settings.ATOM_WEBHOOK_ALLOWED_NETWORKS:
        raise ForbiddenAddress(why)


def _literal(host: str) -> IPAddress | None:
    """The address that is written as one, however: 2130706433, 0x7f.1 and 0177.0.0.1 as well."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
