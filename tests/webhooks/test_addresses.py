"""Webhooks go to public addresses only, however somebody writes another."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from documents.webhooks import addresses, sender
from documents.webhooks.addresses import ForbiddenAddress
from documents.webhooks.codes import SendCode

REFUSED = [
    # This machine and its network.
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.255.255.254/",
    "https://0.0.0.0/",
    "https://0/",
    "https://[::1]/",
    "https://[::]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://metrics.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    # Other ways to write 127.0.0.1.
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.1./",
    # Private, link-local, shared, multicast, reserved.
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://198.18.0.1/",
    "https://192.0.2.1/",
    "https://224.0.0.251/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    # Where clouds tell their machines secrets.
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://[fd00:ec2::254]/",
    # IPv4 inside IPv6: mapped, compatible, 6to4, NAT64, Teredo, ISATAP.
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a00:1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::127.0.0.1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:c0a8:101::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "https://[2a00:1450:4001::5efe:a00:1]/",
    # No such scheme, no such host, nothing that is understood alike everywhere.
    "http://hooks.example.com/",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "gopher://hooks.example.com/",
    "//hooks.example.com/",
    "hooks.example.com",
    "https://",
    "https:///path",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:6379/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:99999/",
    "https://user:secret@hooks.example.com/",
    "https://hooks.example.com@127.0.0.1/",
    "https://hooks.example.com#@127.0.0.1/",
    "https://127.0.0.1\\@hooks.example.com/",
    "https://hooks.example.com/a b",
    "https://hooks.example.com/\r\nHost: localhost",
    "https://hooks.example.com/\x00",
    "https://[fe80::1%25eth0]/",
    "https://[::1",
    "https://ⓛocalhost/",
    "https://127。0。0。1/",
    "https://exam%70le.com/",
    "https://hooks.example.com/" + "x" * 2000,
]

# What a name may lead to.
FORBIDDEN = [
    *("127.0.0.1", "10.1.2.3", "192.168.0.10", "172.20.0.1", "169.254.169.254", "100.64.1.1"),
    *("0.0.0.0", "224.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("2002:7f00:1::", "2002:808:808::1", "64:ff9b::7f00:1", "64:ff9b::c0a8:101"),
    *("2001::1", "2001:db8::1", "3fff::1", "4000::1", "::8.8.8.8", "64:ff9b:1::808:808"),
]
PUBLIC = [
    *("93.184.215.14", "8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1"),
    *("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"),
    "64:ff9b::808:808",  # 8.8.8.8, from a network that has IPv6 only
]


@pytest.fixture(autouse=True)
def dialed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Nobody is called: whom it would have been."""
    dialed: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        dialed.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return dialed


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What names lead to, at each look."""
    known: dict[str, list[list[str]]] = {}

    def look_up(host: str, port: int, **how: Any) -> list[Any]:
        found = known[host].pop(0)
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_public_address_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        addresses.parse(url)


@pytest.mark.parametrize("url", REFUSED)
def test_and_again_when_something_is_sent(url: str, dialed: list[Any]) -> None:
    assert sender.post(url, b"{}", {}).code is SendCode.FORBIDDEN
    assert dialed == []


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_leads_inside_is_refused(
    address: str, names: dict[str, list[list[str]]], dialed: list[Any]
) -> None:
    names["hooks.example.com"] = [[address]]
    assert sender.post("https://hooks.example.com/", b"{}", {}).code is SendCode.FORBIDDEN
    assert dialed == []


def test_one_address_inside_among_others_is_enough(
    names: dict[str, list[list[str]]], dialed: list[Any]
) -> None:
    names["hooks.example.com"] = [["8.8.8.8", "127.0.0.1"]]
    assert sender.post("https://hooks.example.com/", b"{}", {}).code is SendCode.FORBIDDEN
    names["hooks.example.com"] = [[]]
    assert sender.post("https://hooks.example.com/", b"{}", {}).code is SendCode.FORBIDDEN
    assert dialed == []


def test_a_name_that_answers_otherwise_a_moment_later_gains_nothing(
    names: dict[str, list[list[str]]], dialed: list[Any]
) -> None:
    names["rebinding.example.com"] = [["8.8.8.8"], ["127.0.0.1"]]
    result = sender.post("https://rebinding.example.com/", b"{}", {})
    assert result.code is SendCode.UNREACHABLE
    assert dialed == [("8.8.8.8", 443)]
    assert names["rebinding.example.com"] == [["127.0.0.1"]]  # It was asked once.


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert addresses.is_public(ip_address(address))


def test_a_few_addresses_of_a_name_are_tried_in_turn(
    names: dict[str, list[list[str]]], dialed: list[Any]
) -> None:
    names["hooks.example.com"] = [["1.1.1.1", "2a00:1450:4001:81b::200e", "8.8.8.8", "9.9.9.9"]]
    assert sender.post("https://hooks.example.com/", b"{}", {}).code is SendCode.UNREACHABLE
    assert [address for address, _ in dialed] == [
        *("1.1.1.1", "2a00:1450:4001:81b::200e", "8.8.8.8")
    ]


@pytest.mark.parametrize("host", ["a..b", "x" * 64, "-.example.com"])
def test_names_that_cannot_be_are_not_known(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def offline(name: str, *rest: Any, **how: Any) -> Any:
        name.encode("idna")  # As the real one does first of all.
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    assert look_up is not offline
    assert sender.post(f"https://{host}/", b"{}", {}).code is SendCode.UNKNOWN_NAME


# What the operator allows.


def allow(settings: Any, *networks: str) -> None:
    settings.ATOM_WEBHOOK_ALLOWED_NETWORKS = tuple(map(ip_network, networks))


def test_networks_that_are_named_may_be_reached_at_any_port_and_by_http(
    settings: Any, names: dict[str, list[list[str]]], dialed: list[Any]
) -> None:
    allow(settings, "10.8.0.0/16", "fd00:8::/32")
    for host, address in (("n8n.internal", "10.8.0.5"), ("six.local", "fd00:8::5")):
        names[host] = [[address]]
        assert sender.post(f"http://{host}:5678/", b"{}", {}).code is SendCode.UNREACHABLE
    assert dialed == [("10.8.0.5", 5678), ("fd00:8::5", 5678)]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://n8n.internal:5678/", ["10.9.0.5"]),
        ("http://n8n.internal:5678/", ["10.8.0.5", "127.0.0.1"]),
        ("http://hooks.example.com/", ["8.8.8.8"]),
        ("https://hooks.example.com:8443/", ["8.8.8.8"]),
        ("http://hooks.example.com/", ["10.8.0.5", "8.8.8.8"]),
    ],
)
def test_and_nothing_else_is_opened_by_that(
    url: str,
    found: list[str],
    settings: Any,
    names: dict[str, list[list[str]]],
    dialed: list[Any],
) -> None:
    allow(settings, "10.8.0.0/16")
    addresses.parse(url)
    host = url.split("/")[2].split(":")[0]
    names[host] = [found]
    assert sender.post(url, b"{}", {}).code is SendCode.FORBIDDEN
    assert dialed == []


def test_a_mapped_address_is_judged_as_what_it_stands_for(settings: Any) -> None:
    allow(settings, "10.8.0.0/16")
    assert addresses.is_allowed(ip_address("::ffff:10.8.0.1"))
    assert not addresses.is_allowed(ip_address("::ffff:10.9.0.1"))


def test_http_may_be_allowed_for_public_addresses(
    settings: Any, names: dict[str, list[list[str]]], dialed: list[Any]
) -> None:
    settings.ATOM_WEBHOOK_ALLOW_HTTP = True
    names["hooks.example.com"] = [["8.8.8.8"]]
    assert sender.post("http://hooks.example.com/", b"{}", {}).code is SendCode.UNREACHABLE
    assert dialed == [("8.8.8.8", 80)]
    for url in ("http://127.0.0.1/", "http://hooks.example.com:8080/"):
        assert sender.post(url, b"{}", {}).code is SendCode.FORBIDDEN


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://hooks.example.com:443/a/b?c=d&e",
        "https://HOOKS.example.com/%C3%A4",
        "https://xn--hks-sna.example/",
        "https://8.8.8.8/",
        "https://[2a00:1450:4001:81b::200e]/x",
    ],
)
def test_public_addresses_are_taken(url: str) -> None:
    assert addresses.parse(url).scheme == "https"
