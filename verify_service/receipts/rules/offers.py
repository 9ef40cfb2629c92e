"""An answer, sealed into its own page: what comes back is what was answered, or nothing.

    base64url(0x01 ‖ nonce (12 bytes) ‖ AES-256-GCM of the receipt's JSON), with the id of the key as associated data

The sealing key is derived from the key that signs receipts: whoever has that can write any receipt as it is, so nothing
is gained by a secret of its own, and every machine that gives receipts opens what another sealed.
"""

import datetime
import secrets
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from signing import MalformedCredentialError, decode_base64url, encode_base64url
from verify_service.receipts.model import OFFERED, Receipt
from verify_service.receipts.rules.statements import read_receipt, write_receipt
from verify_service.trust import ReceiptKey

VERSION: Final = b"\x01"
MAX_CHARACTERS: Final = 16_384
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_CONTEXT: Final = b"verify-service: answers offered as receipts"
_SKEW: Final = datetime.timedelta(minutes=1)
"""By which the clocks of two machines may differ."""


class BrokenOfferError(Exception):
    """What came back was not sealed here: altered, cut, or under a key that is in use no more."""


class ExpiredOfferError(Exception):
    """What came back is genuine, and too old to stand for an answer."""


def seal_offer(receipt: Receipt, key: ReceiptKey) -> str:
    """Return an answer sealed for the form of its page."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, write_receipt(receipt), _associated_data(key))
    return encode_base64url(VERSION + nonce + sealed)


def open_offer(text: str, keys: Iterable[ReceiptKey], now: datetime.datetime) -> tuple[Receipt, ReceiptKey]:
    """Return the answer, and the key it was sealed under.

    Raises:
        BrokenOfferError, ExpiredOfferError.

    """
    try:
        data = decode_base64url(text) if len(text) <= MAX_CHARACTERS else b""
    except MalformedCredentialError:
        data = b""
    if data[:1] != VERSION:
        raise BrokenOfferError
    nonce, sealed = data[1 : 1 + _NONCE_BYTES], data[1 + _NONCE_BYTES :]
    for key in keys:
        try:
            receipt = read_receipt(_cipher(key).decrypt(nonce, sealed, _associated_data(key)))
        except (InvalidTag, ValueError):
            continue
        if receipt is None:
            break
        if not -_SKEW <= now - receipt.checked_at <= OFFERED:
            raise ExpiredOfferError
        return receipt, key
    raise BrokenOfferError


def _cipher(key: ReceiptKey) -> AESGCM:
    scalar = key.private_key.private_numbers().private_value.to_bytes(_KEY_BYTES, "big")
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=None, info=_CONTEXT).derive(scalar))


def _associated_data(key: ReceiptKey) -> bytes:
    return key.key_id.encode("ascii")
