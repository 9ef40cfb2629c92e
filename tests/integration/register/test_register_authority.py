"""The register as an authority, under the role of the web process."""

from collections.abc import Mapping
from functools import partial

import pytest

from tests.registers import Certificate
from verify_service.database import connected
from verify_service.key_directory import KeyDirectory
from verify_service.keys import service as keys
from verify_service.settings import Settings
from verify_service.trust import Trust
from verify_service.verification.service.register import RegisterAuthority
from verify_service.verification.service.verifying import verify_qr_text

Certificates = Mapping[str, Certificate]


@pytest.fixture
async def authority(site: Settings) -> RegisterAuthority:
    assert site.database_url is not None
    connect = partial(connected, site.database_url, "DATABASE_URL")
    async with connect() as connection:
        issuer = await keys.require_issuer(connection, site)
        secrets = KeyDirectory(site).require_secrets()
        trust = Trust(issuer.did, await keys.trusted_keys(connection), secrets.field)
    return RegisterAuthority(connect, trust=trust, origins=(site.require_public_url(),))


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
    authority: RegisterAuthority, certificates: Certificates, site: Settings
) -> None:
    gone = partial(connected, "postgresql://nobody@127.0.0.1:1/none", "DATABASE_URL")
    deaf = RegisterAuthority(gone, trust=authority._trust, origins=authority.issuer.origins)

    assert (await verify_qr_text(certificates["valid"].qr, deaf)).outcome == "unverifiable"
