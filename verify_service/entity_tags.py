"""Entity tags (RFC 9110 §8.8.3): a client that has the present version of a file is not sent it again."""

import hashlib

from signing import encode_base64url


def weak_tag(body: bytes) -> str:
    """Return the weak tag of a body, which stays the same where it is compressed on the way."""
    return f'W/"{encode_base64url(hashlib.sha256(body).digest())}"'


def names(if_none_match: str, tag: str) -> bool:
    """Return whether a header `If-None-Match` names a tag, compared weakly, or `*` (RFC 9110 §13.1.2)."""
    given = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return not given.isdisjoint({tag.removeprefix("W/"), "*"})
