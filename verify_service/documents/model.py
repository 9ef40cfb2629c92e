"""Certificates as files, on their way from the register to whoever they are for."""

from enum import StrEnum
from uuid import UUID

import msgspec

from verify_service.answers import Status
from verify_service.verification.model import ProvenCertificate


class Edition(StrEnum):
    """Who a PDF is for: its holder, or whoever the holder shows it to."""

    FULL = "full"
    MASKED = "masked"


class ExpectedPrint(msgspec.Struct, frozen=True):
    """What a file must show, by the register."""

    record: bytes
    qr_text: str
    id_number: str
    """As printed, masked or not."""
    id_number_hash: str
    """Of the record; what is printed whole must fit it with the salt that is attached."""
    proven: ProvenCertificate


class DrawnCertificate(msgspec.Struct, frozen=True):
    """One signed PDF that nobody has looked at yet."""

    credential_id: UUID
    file_name: str
    data: bytes
    digest: bytes
    """SHA-256 of the file before its signature."""
    expected: ExpectedPrint
    status: Status
    """What the certificate is by now; its paper looks the same whatever became of it."""
    photo_ended: bool
    """It was issued with a photo that is no longer kept: the field on the paper is empty."""


class PrintedCertificate(msgspec.Struct, frozen=True):
    """A file that passed the print gate."""

    drawn: DrawnCertificate
    passed_before: bool
    """This very drawing had passed in an earlier run and was not looked at again."""


class HeldCertificate(msgspec.Struct, frozen=True):
    """A file that may not leave, or a certificate that cannot be drawn; the others of its class go on."""

    number: str
    reason: str
    """A code with a sentence in each language."""
    detail: str = ""
    """What the code leaves open, such as a code point; no personal datum."""
