"""A receipt as it is attached: canonical JSON, in one spelling."""

import datetime
import secrets
from typing import Final

import msgspec

from signing import MalformedCredentialError, canonicalize, format_token, parse_canonical
from signing.token import TOKEN_BYTES
from verify_service.clock import date_in_shanghai
from verify_service.receipts.model import FRESH, Receipt

_NUMBER_CHARACTERS: Final = 10
"""50 random bits: of a million receipts in a day, two have one number once in two thousand days."""


def new_number(at: datetime.datetime) -> str:
    """Return a number that no other receipt has: the date in Shanghai and ten random characters."""
    code = format_token(secrets.token_bytes(TOKEN_BYTES))[:_NUMBER_CHARACTERS]
    return f"R{date_in_shanghai(at):%Y%m%d}-{code}"


def write_receipt(receipt: Receipt) -> bytes:
    """Return the canonical JSON (RFC 8785) of a receipt."""
    return canonicalize(msgspec.json.decode(msgspec.json.encode(receipt)))


def read_receipt(data: bytes) -> Receipt | None:
    """Return the receipt of its canonical JSON; None for anything else."""
    try:
        parse_canonical(data)
        receipt = msgspec.json.decode(data, type=Receipt)
        is_whole = receipt.fresh_until - receipt.checked_at == FRESH and write_receipt(receipt) == data
    except (MalformedCredentialError, msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    return receipt if is_whole else None
