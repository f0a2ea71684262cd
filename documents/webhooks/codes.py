"""What becomes of attempts: codes for programs, and what each says to people."""

from __future__ import annotations

from enum import StrEnum


class SendCode(StrEnum):
    DELIVERED = "delivered"
    FORBIDDEN = "forbidden_address"
    UNKNOWN_NAME = "unknown_name"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN_ANSWER = "broken_answer"
    REDIRECT = "redirect"
    STATUS = "status"
    GONE = "gone"
    EVENT_GONE = "event_gone"


FAILURES: dict[str, str] = {
    SendCode.FORBIDDEN: "The name leads to a private or special network, or to another port.",
    SendCode.UNKNOWN_NAME: "The name of the host is not known.",
    SendCode.UNREACHABLE: "No connection came about, or it broke.",
    SendCode.TLS: "The certificate is not valid for this host, or TLS failed otherwise.",
    SendCode.TIMEOUT: "There was no answer within ten seconds.",
    SendCode.BROKEN_ANSWER: "What came back was no answer of HTTP, or too long.",
    SendCode.REDIRECT: "The receiver sends elsewhere; redirects are not followed.",
    SendCode.STATUS: "The receiver answered with an error.",
    SendCode.GONE: "The receiver answered 410 Gone: it wants no more.",
    SendCode.EVENT_GONE: "It could not be made again: its event or document is gone.",
}
