"""The staff's box, against a register: what each text finds, and the trace it leaves."""

import json
from collections.abc import Mapping

import pytest

from tests.registers import Certificate
from verify_service.audit.model import Actor
from verify_service.clock import today_in_shanghai
from verify_service.database import Connection
from verify_service.sealing.model import Secrets
from verify_service.searches.model import Hint, SearchResult
from verify_service.searches.service import search

ACTOR = Actor("registrar-1")
TRACES = "select action, object_type, object_id, detail::text from audit_event where actor = 'registrar-1'"
Certificates = Mapping[str, Certificate]


async def find(connection: Connection, secrets: Secrets, text: str) -> SearchResult:
    return await search(connection, secrets, ACTOR, text, today_in_shanghai())


@pytest.mark.parametrize(
    "fields", [("name", "idNumber"), ("name", "phone"), ("idNumber", "phone"), ("name", "idNumber", "phone")]
)
async def test_two_facts_or_three_find_the_person(
    console_role: Connection, secrets: Secrets, certificates: Certificates, fields: tuple[str, ...]
) -> None:
    result = await find(console_role, secrets, " ".join(certificates["valid"].facts(*fields).values()))

    (person,) = result.people
    assert person.masked_name[0] == certificates["valid"].name[0]
    assert person.masked_id_number[-1] == certificates["valid"].id_number[-1]
    assert result.hints == ()


async def test_an_id_number_alone_finds_and_leaves_a_trace_without_it(
    console_role: Connection, secrets: Secrets, certificates: Certificates
) -> None:
    certificate = certificates["valid"]

    (person,) = (await find(console_role, secrets, certificate.id_number)).people

    (trace,) = await console_role.fetch(TRACES)
    assert trace[:3] == ("person_searched", "search", "id_number")
    assert json.loads(trace["detail"]) == {"by": ["id_number"], "found": [str(person.subject_id)]}
    for fact in (certificate.name, certificate.id_number, certificate.phone):
        assert fact not in str(trace)


async def test_a_number_that_is_somebody_elses_is_told_of(
    console_role: Connection, secrets: Secrets, certificates: Certificates
) -> None:
    result = await find(console_role, secrets, f"赵无人 {certificates['valid'].id_number}")

    assert (len(result.people), result.hints) == (1, (Hint.OTHER_FACTS_DIFFER,))


@pytest.mark.parametrize("field", ["name", "phone"])
async def test_one_fact_alone_finds_nobody_and_leaves_no_trace(
    console_role: Connection, secrets: Secrets, certificates: Certificates, field: str
) -> None:
    result = await find(console_role, secrets, certificates["valid"].facts(field)[field])

    assert (result.is_empty, result.hints) == (True, (Hint.ONE_FACT,))
    assert await console_role.fetch(TRACES) == []


async def test_two_namesakes_with_one_phone_are_both_found(
    console_role: Connection, secrets: Secrets, certificates: Certificates
) -> None:
    result = await find(console_role, secrets, " ".join(certificates["namesake-0"].facts("name", "phone").values()))

    assert len(result.people) == 2


@pytest.mark.parametrize(
    ("which", "status"), [("valid", "valid"), ("old", "superseded"), ("revoked-holder_request", "revoked")]
)
async def test_a_certificate_number_finds_it_in_every_state(
    console_role: Connection, secrets: Secrets, certificates: Certificates, which: str, status: str
) -> None:
    number = certificates[which].number

    (found,) = (await find(console_role, secrets, f"证书编号：{number.lower()}")).certificates

    assert (found.number, found.status) == (number, status)


async def test_cohorts_and_partners_are_found_by_what_they_are_called(
    console_role: Connection, secrets: Secrets
) -> None:
    assert [cohort.code for cohort in (await find(console_role, secrets, "HOST")).cohorts] == ["host"]
    name = await console_role.fetchval("select name from partner order by name limit 1")
    for part in (name, name[1:4]):
        assert name in {partner.name for partner in (await find(console_role, secrets, part)).partners}
    assert (await find(console_role, secrets, "%")).is_empty
