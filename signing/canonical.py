"""JSON in its one canonical form (RFC 8785, JCS), on the subset where that form is beyond doubt.

msgspec's sorted output is RFC 8785 byte for byte as long as member names are ASCII (JCS sorts by UTF-16 code
unit, msgspec by code point), integers stay below 2^53 and there are no floats. Everything else is refused
before it can be signed, instead of being signed in a form that other software disputes.
"""

from typing import Any, Final, TypeAlias

import msgspec

from signing.errors import MalformedCredentialError, UnsafeJsonError

JsonObject: TypeAlias = dict[str, Any]

MAX_SAFE_INTEGER: Final = 2**53 - 1
"""The largest integer a double holds exactly (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder()


def canonicalize(value: object) -> bytes:
    """Return the RFC 8785 bytes of a value made of str, int, bool, None, list and dict.

    Raises:
        UnsafeJsonError: a float, an integer of 2^53 or more, a member name outside ASCII, a lone surrogate,
            a value of another type, or nesting deeper than the interpreter allows.
    """
    try:
        _require_safe(value)
        return _ENCODER.encode(value)
    except (TypeError, ValueError, RecursionError):
        # Without the cause: a UnicodeEncodeError prints the string it failed on, which may be a person's name.
        raise UnsafeJsonError("a value cannot be written as canonical JSON") from None


def parse_canonical(data: bytes) -> JsonObject:
    """Return the object whose canonical form is exactly `data`.

    Whatever re-encodes differently is refused: white space, duplicate members (two parsers may keep different
    ones), unsorted members, other escapes, `1.0`, `-0`, a byte order mark.

    Raises:
        MalformedCredentialError: `data` is not the canonical form of any object.
    """
    try:
        value = _DECODER.decode(data)
        canonical = canonicalize(value)
    except (ValueError, RecursionError, UnsafeJsonError):
        raise MalformedCredentialError("not JSON, or JSON that has no canonical form") from None
    if canonical != data or not isinstance(value, dict):
        raise MalformedCredentialError("not a JSON object in canonical form")
    return value


def _require_safe(value: object) -> None:
    match value:
        case str() | bool() | None:
            return
        case int():
            if abs(value) > MAX_SAFE_INTEGER:
                raise UnsafeJsonError("an integer is too large to be exact everywhere")
        case list():
            for item in value:
                _require_safe(item)
        case dict():
            for name, member in value.items():
                if not (isinstance(name, str) and name.isascii()):
                    raise UnsafeJsonError("a member name is not ASCII text")
                _require_safe(member)
        case _:
            raise UnsafeJsonError("a value is not text, integer, boolean, null, array or object")
