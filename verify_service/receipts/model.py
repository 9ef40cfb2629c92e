"""What a receipt states, as it is attached to its page (`receipt.json`)."""

import datetime
from typing import Final, Literal

import msgspec

from verify_service.answers import PublicReason, Status

FILE_NAME: Final = "receipt.json"
MEDIA_TYPE: Final = "application/json"
FORM: Final = 1
"""Which words and places a page has. What was drawn once is compared for ever: another page is another form."""
FRESH: Final = datetime.timedelta(hours=24)
"""How long an answer may stand in for asking again: as long as the status lists that others rely on."""
OFFERED: Final = datetime.timedelta(minutes=10)
"""How long the page of an answer may be turned into a receipt of it."""

AskedBy = Literal["facts", "qrCode"]
Outcome = Literal["found", "not_found"]


class Asked(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """What was asked, each fact by its first and last character; what was not typed is left out."""

    by: AskedBy
    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    token: str | None = None
    """Of a QR code; None also where what stood in its place was none."""


class StatedCertificate(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """What was answered about one certificate."""

    title: str
    number: str
    issued_on: datetime.date
    status: Status
    status_since: datetime.date | None = None
    status_reason: PublicReason | None = None
    superseded_by: str | None = None
    holder: str | None = None
    """Masked; only of a QR code, whose page names the holder."""


class StatedIssuer(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Who answered."""

    did: str
    name: str
    name_english: str


class Receipt(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, tag="CertificateCheckReceipt"):
    """One answer at one instant. It says nothing of any other."""

    form: int
    number: str
    issuer: StatedIssuer
    asked: Asked
    outcome: Outcome
    certificates: tuple[StatedCertificate, ...]
    checked_at: datetime.datetime
    fresh_until: datetime.datetime
    recheck: str
    """Where to ask again: the address of the QR code that was asked about, else that of the lookup page."""

    @property
    def is_of_a_code(self) -> bool:
        """Whether a QR code was asked about."""
        return self.asked.by == "qrCode"
