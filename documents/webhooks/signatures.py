"""Signatures of webhooks, as Standard Webhooks has them: HMAC-SHA256 over id, time and body.

The secret is not stored: it is derived from SECRET_KEY and a salt of the subscription. Whoever
reads the database cannot sign, and the owner can be shown it again. Another SECRET_KEY makes all
of them others.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from documents.models import Webhook

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)  # The former secret signs as well, until all receivers know the new.
_PURPOSE = "documents.webhooks.secret"


def new_salt() -> str:
    return secrets.token_hex(24)


def secret_of(webhook: Webhook) -> str:
    """As receivers are given it."""
    return PREFIX + base64.b64encode(_key(webhook, webhook.salt)).decode()


def keys_of(webhook: Webhook, now: datetime) -> list[bytes]:
    """The keys that sign now, the newest first."""
    salts = [webhook.salt]
    if webhook.former_salt and webhook.former_until and now < webhook.former_until:
        salts.append(webhook.former_salt)
    return [_key(webhook, salt) for salt in salts]


def headers(message_id: str, timestamp: int, body: bytes, keys: list[bytes]) -> dict[str, str]:
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signed(message_id, timestamp, body, key) for key in keys),
    }


def _signed(message_id: str, timestamp: int, body: bytes, key: bytes) -> str:
    content = b".".join([message_id.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()


def _key(webhook: Webhook, salt: str) -> bytes:
    # With its id: a row whose salt was copied from another has another secret all the same.
    value = f"{webhook.pk}:{salt}"
    return salted_hmac(_PURPOSE, value, algorithm="sha256").digest()
