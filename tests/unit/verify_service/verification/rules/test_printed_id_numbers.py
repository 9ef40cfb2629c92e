"""Whether a printed ID number is the holder's, as far as anything proves it."""

import pytest

from signing import format_salt
from tests.artefacts import ID_NUMBER, MASKED, SALT, STATEMENT
from verify_service.verification.rules.printed_id_numbers import Agreement, KnownIdNumber, compare_id_number

FILE = format_salt(SALT)
HASHED = STATEMENT.id_number_hash
OF_RECORD = KnownIdNumber(None, HASHED)
OF_REGISTER = KnownIdNumber(MASKED, HASHED)
OTHERS = "11022219600229002X"
HALF_MASKED = "110222********002X"


@pytest.mark.parametrize(
    ("text", "known", "salt_file", "agreement"),
    [
        (ID_NUMBER, OF_REGISTER, FILE, Agreement.AGREES),
        (ID_NUMBER, OF_RECORD, FILE, Agreement.AGREES),
        (MASKED, OF_REGISTER, None, Agreement.AGREES),
        (MASKED, OF_RECORD, None, Agreement.AGREES),
        (OTHERS, OF_REGISTER, FILE, Agreement.DIFFERS),
        (OTHERS, OF_RECORD, FILE, Agreement.DIFFERS),
        (HALF_MASKED, OF_REGISTER, FILE, Agreement.DIFFERS),
        ("2****************X", OF_REGISTER, None, Agreement.DIFFERS),
        ("1***X", OF_REGISTER, None, Agreement.DIFFERS),
        ("", OF_REGISTER, FILE, Agreement.DIFFERS),
        (ID_NUMBER, OF_REGISTER, format_salt(bytes([1]) * 16), Agreement.DIFFERS),
        (ID_NUMBER, OF_REGISTER, b"", Agreement.DIFFERS),
        (ID_NUMBER, OF_REGISTER, b"{" * 256, Agreement.DIFFERS),
        (ID_NUMBER, OF_REGISTER, None, Agreement.UNPROVEN),
        (HALF_MASKED, OF_REGISTER, None, Agreement.UNPROVEN),
        (ID_NUMBER, KnownIdNumber(None, None), FILE, Agreement.UNPROVEN),
    ],
)
def test_only_the_masked_form_or_the_salt_proves_a_number(
    text: str, known: KnownIdNumber, salt_file: bytes | None, agreement: Agreement
) -> None:
    assert compare_id_number(text, known, salt_file) is agreement
