"""After an erasure every reader and every command takes the person for not there, and none of them fails."""

from uuid import UUID

import pytest

from tests.factories import Result, photo_archive, trainees
from tests.integration.register.interruption import correct_unsigned, record_unsigned
from tests.integration.web.conftest import Client, asking
from tests.office import Office, Ran
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.credentials.model import SigningResult
from verify_service.credentials.queries import issuing
from verify_service.credentials.service.correcting import Correction, correct
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.database import Connection
from verify_service.errors import ConflictError
from verify_service.settings import Settings
from verify_service.signer.service.asking import NearestSigner

ANN, BOB = trainees(2)
JSON = {"Accept": "application/json"}
PAIRS = [("name", "idNumber"), ("name", "phone"), ("idNumber", "phone"), ("name", "idNumber", "phone")]


@pytest.fixture
def number(office: Office) -> str:
    """The number of Ann's certificate; Bob has one too."""
    office.enrol_passed([ANN, BOB])
    assert office.issue().json["issued"] == 2
    return next(str(line["number"]) for line in office.list() if line["name"] == ANN.name)


def erase(office: Office) -> None:
    ran = office.run(
        "person", "erase", "--id-number", office.private(ANN.id_number), "--note", "-", "--apply", stdin="x"
    )
    assert ran.code == 0, ran.err


def correct_name(office: Office, number: str) -> Ran:
    name = ("--name", office.private("林新名"), "--note", "-")
    return office.run("certificates", "correct", number, *name, stdin="改名")


async def ask(client: Client, fields: tuple[str, ...]) -> dict[str, object]:
    facts = {"name": ANN.name, "idNumber": ANN.id_number, "phone": ANN.phone}
    response = await client.post("/api/v1/lookups", json={field: facts[field] for field in fields})
    assert response.status_code == 200
    answer: dict[str, object] = response.json()
    return answer


async def test_every_public_question_is_answered_not_found(office: Office, settings: Settings, number: str) -> None:
    token = next(line["token"] for line in office.list() if line["number"] == number)
    async with asking(settings) as client:
        assert [(await ask(client, pair))["outcome"] for pair in PAIRS] == ["found"] * 4

        erase(office)  # while the service runs

        answers = [await ask(client, pair) for pair in PAIRS]
        page = await client.get(f"/v/{token}")
        told = await client.get(f"/v/{token}", headers=JSON)
        record = await client.get(f"/v/{token}/record.json")
        badge = await client.get(f"/v/{token}/openbadge.json")
    assert [(answer["outcome"], answer["certificates"]) for answer in answers] == [("not_found", [])] * 4
    assert (page.status_code, ANN.name in page.text) == (200, False)
    assert (told.status_code, told.json()["outcome"], told.json()["certificate"]) == (200, "not_found", None)
    assert record.status_code == badge.status_code == 404


async def test_a_lookup_of_an_erased_person_is_that_of_nobody(office: Office, settings: Settings, number: str) -> None:
    erase(office)

    async with asking(settings) as client:
        erased = await ask(client, ("name", "idNumber"))
        nobody = (await client.post("/api/v1/lookups", json={"name": "林无人", "phone": "19488888888"})).json()

    assert {**erased, "checkedAt": ""} == {**nobody, "checkedAt": ""}


def test_lists_and_exports_leave_the_erased_out(office: Office, number: str) -> None:
    pdf, archive = str(office.folder / "a.pdf"), str(office.folder / "c1.zip")
    erase(office)

    drawn = office.run("certificates", "pdf", number, "-o", pdf)
    exported = office.run("certificates", "export", "--cohort", "C1", "-o", archive)

    assert [line["name"] for line in office.list()] == [BOB.name]
    assert (drawn.code, "ERASED" in drawn.err) == (1, True)
    assert (exported.code, exported.out.startswith("1 certificates")) == (0, True)


async def test_a_certificate_of_an_erased_person_can_be_revoked_but_not_corrected(
    office: Office, operator: Connection, number: str
) -> None:
    erase(office)
    revoke = ("certificates", "revoke", number, "--reason", "key_compromise")

    corrected = correct_name(office, number)
    noted = office.run(*revoke, "--note", "-", stdin="本人来信要求")
    revoked = office.run(*revoke)

    assert (corrected.code, "ERASED" in corrected.err) == (5, True)
    assert (noted.code, "leave it out" in noted.err) == (5, True)
    assert revoked.code == 0, revoked.err
    assert await operator.fetchval("select count(*) from credential_event where event = 'revoked'") == 1


async def test_a_revocation_before_the_erasure_stands(office: Office, operator: Connection, number: str) -> None:
    office.run("certificates", "revoke", number, "--reason", "exam_misconduct")
    positions = "select status_list, status_index, event from credential join credential_event using (credential_id)"
    before = await operator.fetch(positions)

    erase(office)

    assert len(before) == 1
    assert await operator.fetch(positions) == before


def test_results_and_issuing_pass_over_an_erased_person(office: Office, number: str) -> None:
    erase(office)

    refused = office.import_results([Result(ANN)])

    assert (refused.code, refused.codes()) == (1, {1: ["NOT_ENROLLED"]})
    assert office.import_results([Result(BOB)]).counts == (0, 1)
    assert office.issue().json == {"issued": 0, "alreadyIssued": 1, "held": [], "notEligible": 0}


async def test_the_same_number_comes_back_as_somebody_new(
    office: Office, settings: Settings, operator: Connection, number: str
) -> None:
    erase(office)

    again = office.import_roster([ANN], photos=photo_archive([ANN]))
    assert (again.code, again.counts, again.codes("warnings")) == (0, (1, 0), {})
    assert office.import_results([Result(ANN)]).counts == (1, 0)
    assert office.issue().json["issued"] == 1

    assert await operator.fetchval("select count(*) from subject") == 3
    listed = {line["name"]: line["number"] for line in office.list()}
    assert listed[ANN.name] != number
    async with asking(settings) as client:
        answer = await ask(client, ("name", "idNumber"))
    assert [certificate["number"] for certificate in answer["certificates"]] == [listed[ANN.name]]  # type: ignore[attr-defined]  # JSON


async def test_a_code_of_an_erased_person_opens_nothing_and_others_are_listed(office: Office, number: str) -> None:
    erase(office)

    ran = office.run("codes", "list", "--cohort", "C1", "-o", str(office.folder / "codes.xlsx"), "--json")

    assert (ran.code, ran.json["listed"]) == (0, 1)


async def test_a_certificate_recorded_but_not_signed_is_never_signed_and_holds_up_nothing(
    office: Office, desk: Desk, operator: Connection
) -> None:
    office.enrol_passed([ANN])
    await record_unsigned(desk, "C1")

    erase(office)

    assert office.issue().json["issued"] == 0
    assert await operator.fetchval("select count(*) from credential_signature") == 0


async def test_an_unfinished_correction_of_an_erased_person_does_not_stop_a_revocation(
    office: Office, desk: Desk, number: str
) -> None:
    await correct_unsigned(desk, number, Correction(name="林新名", note="登记有误"))

    erase(office)

    assert office.run("certificates", "revoke", number, "--reason", "key_compromise").code == 0


async def test_a_person_erased_between_recording_a_correction_and_signing_it_is_a_conflict(
    office: Office, desk: Desk, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_pending = NearestSigner.sign_pending

    async def erase_and_sign(signer: NearestSigner) -> SigningResult:
        erase(office)
        return await sign_pending(signer)

    monkeypatch.setattr(NearestSigner, "sign_pending", erase_and_sign)

    with pytest.raises(ConflictError, match="was erased"):
        await correct(desk, number, Correction(name="林新名", note="登记有误"), today=today_in_shanghai())


async def test_a_person_erased_while_a_class_is_being_issued_holds_up_nobody_else(
    office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.enrol_passed([ANN, BOB])
    list_entries = issuing.list_cohort_entries

    async def list_and_erase(connection: Connection, cohort_id: UUID) -> list[issuing.CohortEntry]:
        entries = await list_entries(connection, cohort_id)
        erase(office)
        return entries

    monkeypatch.setattr(issuing, "list_cohort_entries", list_and_erase)

    assert (await issue_cohort(desk, await require_cohort(desk.connection, "C1"))).issued == 1
    assert [line["name"] for line in office.list()] == [BOB.name]
