"""Signatures on deliveries, as Standard Webhooks has them."""

import base64
import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from verify_service.webhooks.rules.signatures import format_message_id, format_secret, new_secret, signed_headers


def test_the_reference_libraries_own_example_is_signed_alike() -> None:
    # The vector by which the reference libraries of Standard Webhooks are checked.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    sent_at = datetime.datetime.fromtimestamp(1614265330, datetime.UTC)

    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", sent_at, b'{"test": 2432232314}')

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.binary(min_size=24, max_size=64), st.uuids(), st.binary(max_size=200), st.integers(0, 10_000))
def test_software_of_others_believes_any_body_and_no_changed_one(
    secret: bytes, delivery: UUID, text: bytes, place: int
) -> None:
    body = b'{"a": "' + text.hex().encode() + b'"}'
    headers = signed_headers(secret, format_message_id(delivery), datetime.datetime.now(datetime.UTC), body)
    judge = Webhook(format_secret(secret))
    judge.verify(body, headers)

    changed = bytearray(body)
    changed[place % len(body)] ^= 1
    with pytest.raises(WebhookVerificationError):
        judge.verify(bytes(changed), headers)


def test_secrets_have_256_bits_and_differ() -> None:
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert {len(secret) for secret in made} == {32}
    assert all(format_secret(secret).startswith("whsec_") for secret in made)
