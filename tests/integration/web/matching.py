"""What tests of comparing fields share: somebody to compare, and somebody who is nobody."""

from collections.abc import AsyncIterator, Mapping

import msgspec
import pytest

from tests.factories import trainee
from tests.integration.web.conftest import Client, asking
from tests.registers import NO_LIMITS, Certificate
from verify_service.settings import Settings

TRIES = 5
UNKNOWN_TOKEN = "0000000000000000"
NOBODY = trainee(900)
WRONG = {"name": "赵无人", "idNumber": NOBODY.id_number, "phone": "19499999999"}

Certificates = Mapping[str, Certificate]


@pytest.fixture
async def guarded(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service of this test alone, with the default budgets."""
    async with asking(msgspec.structs.replace(settings, rate_limits=NO_LIMITS)) as client:
        yield client


@pytest.fixture
def person(certificates: Certificates) -> Certificate:
    return certificates["valid"]


async def paper_of(client: Client, person: Certificate) -> dict[str, str]:
    """Return what the certificate says, as its page shows it."""
    shown = (await client.get(f"/v/{person.token}", headers={"Accept": "application/json"})).json()["certificate"]
    return {field: shown[field] for field in ("number", "issuedOn", "kind")}
