"""The file with the salt of a record's hashes: one spelling, and everything else is refused as malformed."""

import pytest

from signing import MalformedCredentialError, format_salt, parse_salt

FILE = b'{"salt":"AAECAwQFBgcICQoLDA0ODw"}'


def test_a_salt_has_one_file() -> None:
    assert format_salt(bytes(range(16))) == FILE
    assert parse_salt(FILE) == bytes(range(16))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"{" * 100_000,
        b"\xff\xfe",
        FILE + b"\n",
        FILE.replace(b":", b": "),
        b'{"salt":null}',
        b'{"salt":{"salt":"AAECAwQFBgcICQoLDA0ODw"}}',
        b'{"salt":"AAECAwQFBgcICQoLDA0O"}',
        b'{"salt":"AAECAwQFBgcICQoLDA0ODxA"}',
        b'{"salt":"AAECAwQFBgcICQoLDA0ODw=="}',
        b'{"salt":"\xe7\x9b\x90"}',
        b'{"pepper":1,"salt":"AAECAwQFBgcICQoLDA0ODw"}',
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_salt(data)
