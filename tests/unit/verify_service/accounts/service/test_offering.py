"""A secret that a page offered comes back to that invitation, for an hour, as it was: or not at all."""

import datetime
from uuid import UUID

import msgspec
import pytest

from signing import decode_base64url, encode_base64url
from verify_service.accounts.model import Account, OpenInvitation, TotpOffer
from verify_service.accounts.service.offering import LASTS, find_offer, offer_secret
from verify_service.sealing.model import SecretKey, SecretPurpose, Secrets

OLD, NEW = (SecretKey(SecretPurpose.FIELD, version, bytes([version]) * 32) for version in (1, 2))
SECRETS = Secrets(field=(OLD,), index=())
ACCOUNT = Account(UUID(int=1), "registrar-1", frozenset())
NOW = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)
INVITATION = OpenInvitation(UUID(int=2), ACCOUNT, NOW)
A_SECOND = datetime.timedelta(seconds=1)


def at(instant: datetime.datetime) -> OpenInvitation:
    return msgspec.structs.replace(INVITATION, instant=instant)


@pytest.fixture
def offer() -> TotpOffer:
    return offer_secret(SECRETS, INVITATION)


def test_no_two_pages_offer_one_secret() -> None:
    assert len({offer_secret(SECRETS, INVITATION).totp_secret for _ in range(20)}) == 20


def test_it_comes_back_for_an_hour(offer: TotpOffer) -> None:
    assert find_offer(SECRETS, at(NOW + LASTS - A_SECOND), offer.sealed) == offer
    assert find_offer(SECRETS, at(NOW + LASTS), offer.sealed) is None


def test_it_comes_back_while_the_field_secret_is_exchanged(offer: TotpOffer) -> None:
    assert find_offer(Secrets(field=(NEW, OLD), index=()), INVITATION, offer.sealed) == offer
    assert find_offer(Secrets(field=(NEW,), index=()), INVITATION, offer.sealed) is None


def test_it_comes_back_to_no_other_invitation(offer: TotpOffer) -> None:
    other = msgspec.structs.replace(INVITATION, invitation_id=UUID(int=3))

    assert find_offer(SECRETS, other, offer.sealed) is None


def test_what_was_altered_in_any_byte_is_none(offer: TotpOffer) -> None:
    data = decode_base64url(offer.sealed)
    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert find_offer(SECRETS, INVITATION, encode_base64url(altered)) is None


@pytest.mark.parametrize("text", ["", "=", "AQ", "中", "\ud83d", "\0", "A" * 100_000])
def test_what_was_never_offered_is_none(text: str) -> None:
    assert find_offer(SECRETS, INVITATION, text) is None
