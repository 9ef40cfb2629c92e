"""What a running server writes to standard error names nobody, whatever it is asked and however it fails."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import msgspec
import pytest
from structlog.processors import JSONRenderer

from tests.databases import run_apart
from tests.integration.web.conftest import BROWSER
from tests.integration.web.test_problems_over_http import take_away
from tests.personal_data import found_in, personal_data
from tests.registers import NO_LIMITS, Certificate
from tests.serving import Serving, serving
from verify_service.embedded.server import EmbeddedServer
from verify_service.settings import Settings

Certificates = Mapping[str, Certificate]
STRANGERS_TOKEN = "0123456789ABCDEF"
AGENT = "a-browser-nobody-else-has/7.5"
HOP = "203.0.113.77"


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Iterator[Serving]:
    """A server on a register that the test may take away."""
    with serving(msgspec.structs.replace(settings, rate_limits=NO_LIMITS), tmp_path) as served:
        yield served


def every_datum(certificates: Iterable[Certificate]) -> set[str]:
    """Return all personal data, and what else a visitor brings along."""
    return personal_data(certificates) | {STRANGERS_TOKEN, AGENT, HOP}


def ask_everything(client: httpx.Client, certificates: Iterable[Certificate]) -> None:
    """Ask about people in every way, right and wrong, in bodies and, as nobody should, in addresses."""
    for certificate in certificates:
        facts = certificate.facts()
        for fields in itertools.combinations(facts, 2):
            client.post("/api/v1/lookups", json=certificate.facts(*fields))
        client.post("/lookup", data=facts)
        client.post("/lookup", data={**facts, "idNumber": certificate.id_number + "9"})
        client.post("/api/v1/lookups", json={**facts, "email": certificate.phone})
        client.post(
            "/api/v1/lookups", content=f'{{"name": "{certificate.name}", "idNumber": {certificate.id_number}'.encode()
        )
        client.post("/api/v1/lookups", json={"name": certificate.name})
        client.get(f"/v/{certificate.token}")
        client.get(f"/v/{certificate.token}", headers={"Accept": "application/json"})
        client.get(f"/v/{certificate.token}/record.json")
        client.get(f"/v/{certificate.token}/openbadge.json")
        client.get(f"/v/{certificate.token}/{certificate.name}")
        client.get("/", params=facts)
        client.get("/api/v1/lookups", params=facts)
        client.get(f"/{certificate.id_number}")
    client.get(f"/v/{STRANGERS_TOKEN}")


def test_questions_right_and_wrong_leave_nothing_of_a_person(served: Serving, certificates: Certificates) -> None:
    with served.client() as client:
        client.headers.update({**BROWSER, "User-Agent": AGENT, "X-Forwarded-For": HOP})
        ask_everything(client, certificates.values())

    log = served.log.read_text()
    assert log.count('"route": "/api/v1/lookups"') > 10 * 5
    assert '"route": "/v/{token}"' in log
    assert '"route": "unmatched"' in log
    assert found_in(log, every_datum(certificates.values())) == set()


def test_nor_do_failures(
    served: Serving, server: EmbeddedServer, database_name: str, certificates: Certificates
) -> None:
    run_apart(take_away(server, database_name))
    with served.client() as client:
        statuses = {
            client.post("/api/v1/lookups", json=certificates["valid"].facts()).status_code,
            client.get(f"/v/{certificates['valid'].token}").status_code,
        }
        ask_everything(client, [certificates["old"]])

    log = served.log.read_text()
    assert statuses == {503}
    assert '"event": "request_failed"' in log
    assert found_in(log, every_datum(certificates.values())) == set()


def test_the_same_search_finds_what_a_careless_line_would_say(certificates: Certificates) -> None:
    data = every_datum(certificates.values())
    assert len(data) > 250
    for datum in data:
        for ascii_only in (True, False):
            line = JSONRenderer(ensure_ascii=ascii_only)(None, "info", {"event": "request", "path": f"/v/{datum}"})
            assert datum in found_in(str(line), data)
        assert datum in found_in(f"GET /?name={quote(datum)} HTTP/1.1", data)
