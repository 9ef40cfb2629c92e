"""The register as an authority, under the role of the web process."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import pytest

from tests.registers import Certificate
from verify_service.database import Connection, connected
from verify_service.settings import Settings
from verify_service.trust import Trust
from verify_service.trust_reading import TrustReader
from verify_service.verification.service.register import RegisterAuthority
from verify_service.verification.service.verifying import verify_qr_text

Certificates = Mapping[str, Certificate]
Answer = TypeVar("Answer")


class Asking:
    """Asks one database with what was trusted when the test began."""

    def __init__(self, database_url: str, trust: Trust) -> None:
        self._database_url = database_url
        self._trust = trust

    async def __call__(self, ask: Callable[[Connection, Trust], Awaitable[Answer]], /) -> Answer:
        async with connected(self._database_url, "DATABASE_URL") as connection:
            return await ask(connection, self._trust)


@pytest.fixture
async def trust(site: Settings) -> Trust:
    assert site.database_url is not None
    async with connected(site.database_url, "DATABASE_URL") as connection:
        return await TrustReader(site).read(connection)


@pytest.fixture
def authority(site: Settings, trust: Trust) -> RegisterAuthority:
    assert site.database_url is not None
    return RegisterAuthority(Asking(site.database_url, trust), trust=trust, origins=(site.require_public_url(),))


@pytest.mark.parametrize(
    ("which", "outcome", "reason", "successor"),
    [
        ("valid", "valid", None, None),
        ("namesake-0", "valid", None, None),
        ("revoked-issued_in_error", "revoked", "issued_in_error", None),
        ("revoked-exam_misconduct", "revoked", "withdrawn", None),
        ("old", "superseded", None, "new"),
        ("first", "superseded", None, "third"),
        ("third", "valid", None, None),
    ],
)
async def test_the_register_says_what_became_of_a_certificate(
    which: str,
    outcome: str,
    reason: str | None,
    successor: str | None,
    authority: RegisterAuthority,
    certificates: Certificates,
) -> None:
    verdict = await verify_qr_text(certificates[which].qr, authority)

    assert verdict.outcome == outcome
    assert verdict.certificate is not None
    assert verdict.certificate.status_reason == reason
    assert verdict.certificate.superseded_by == (None if successor is None else certificates[successor].number)
    assert certificates[which].id_number not in str(verdict)


async def test_a_database_that_is_gone_leaves_a_certificate_unverifiable(
    authority: RegisterAuthority, certificates: Certificates, trust: Trust
) -> None:
    gone = Asking("postgresql://nobody@127.0.0.1:1/none", trust)
    deaf = RegisterAuthority(gone, trust=trust, origins=authority.issuer.origins)

    assert (await verify_qr_text(certificates["valid"].qr, deaf)).outcome == "unverifiable"
