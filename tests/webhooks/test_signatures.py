"""Whoever has the secret can tell what came from here, by the package that receivers use."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import standardwebhooks
from django.utils import timezone

from accounts.models import User
from documents.models import Webhook
from documents.webhooks import signatures, subscriptions
from tests.webhooks.conftest import URL, pass_time
from tests.webhooks.receivers import Network, Request

pytestmark = pytest.mark.django_db


def verified(request: Request, secret: str) -> Any:
    return standardwebhooks.Webhook(secret).verify(request.body, dict(request.headers))


@pytest.fixture
def sent(
    webhook: Webhook, network: Network, deliver: Callable[..., Any], fail: Callable[..., Any]
) -> Callable[[], Request]:
    def send() -> Request:
        fail()
        deliver()
        return network.requests[-1]

    return send


def test_a_message_is_verified_by_the_package_for_receivers(
    webhook: Webhook, sent: Callable[[], Request]
) -> None:
    request = sent()
    assert verified(request, signatures.secret_of(webhook))["type"] == "document.failed"


@pytest.mark.parametrize(
    "change",
    [
        lambda request: setattr(request, "body", request.body.replace(b"failed", b"passed")),
        lambda request: request.headers.update({"webhook-id": "msg_other"}),
        lambda request: request.headers.update({"webhook-timestamp": "1"}),
        lambda request: request.headers.update(
            {"webhook-timestamp": str(int(timezone.now().timestamp()) - 400)}
        ),
        lambda request: request.headers.pop("webhook-signature"),
    ],
)
def test_what_was_changed_is_noticed(
    webhook: Webhook, sent: Callable[[], Request], change: Callable[[Request], None]
) -> None:
    request = sent()
    change(request)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(request, signatures.secret_of(webhook))


def test_secrets_differ_and_stand_in_no_column(alice: User, webhook: Webhook) -> None:
    other = subscriptions.make(alice, URL)
    secret = signatures.secret_of(webhook)
    assert secret.startswith("whsec_")
    assert secret != signatures.secret_of(other)
    assert secret.removeprefix("whsec_") not in str(list(Webhook.objects.values()))
    # Nor does another row with the same salt have it.
    other.salt = webhook.salt
    assert secret != signatures.secret_of(other)


def test_a_secret_is_another_under_another_key(webhook: Webhook, settings: Any) -> None:
    secret = signatures.secret_of(webhook)
    settings.SECRET_KEY = "x" * 50
    assert secret != signatures.secret_of(webhook)


def test_for_a_day_both_secrets_sign(webhook: Webhook, sent: Callable[[], Request]) -> None:
    former = signatures.secret_of(webhook)
    present = subscriptions.rotate(webhook)
    request = sent()
    assert present == signatures.secret_of(webhook) != former
    assert verified(request, former) == verified(request, present)
    assert len(request.headers["webhook-signature"].split()) == 2
    pass_time(hours=24, seconds=1)
    request = sent()
    assert verified(request, present)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(request, former)


def test_of_secrets_changed_twice_the_last_two_sign(
    webhook: Webhook, sent: Callable[[], Request]
) -> None:
    first = signatures.secret_of(webhook)
    second = subscriptions.rotate(webhook)
    pass_time(minutes=2)
    third = subscriptions.rotate(webhook)
    request = sent()
    assert verified(request, second) == verified(request, third)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(request, first)


def test_another_secret_asked_for_twice_is_one(
    webhook: Webhook, sent: Callable[[], Request]
) -> None:
    known = signatures.secret_of(webhook)
    other = subscriptions.rotate(webhook)
    assert subscriptions.rotate(Webhook.objects.get()) == other != known
    assert verified(sent(), known)


def test_the_vector_of_the_specification() -> None:
    """As its reference implementations are tested with."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signatures.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key]
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert timedelta(hours=24) == signatures.OVERLAP
