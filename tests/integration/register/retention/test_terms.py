"""Each class of personal data ends the day after its term, counted from its last use, and not a day before."""

import pytest

from tests.factories import Result, photo_archive, trainee, trainees
from tests.integration.register.retention.ageing import KEPT, date_back, give_scores, keep, retain
from tests.office import Office
from verify_service.database import Connection
from verify_service.retention.model import DataClass

ANN, BOB = trainees(2)
OF_A_CERTIFICATE = [one for one in DataClass if one not in {DataClass.ROSTERS, DataClass.DRAFTS}]
# What a young event of a table keeps, in a register that is old otherwise: each class ends after its last use.
KEPT_BY = {
    "enrolment": {"photos", "phones", "redemption_codes"},
    "sitting": {"photos", "phones", "redemption_codes", "results"},
    "credential": {"photos", "phones", "redemption_codes"},
    "redemption_code": {"redemption_codes"},
}


@pytest.fixture
async def issued(office: Office, superuser: Connection) -> Office:
    """An office that issued to Ann, whose results have scores."""
    office.enrol_passed([ANN])
    assert office.issue().json["issued"] == 1
    await give_scores(superuser)
    return office


@pytest.fixture
def failed(office: Office) -> Office:
    """An office whose only trainee, Bob, failed."""
    office.import_roster([BOB], photos=photo_archive([BOB]))
    assert office.import_results([Result(BOB, "不合格")]).code == 0
    return office


@pytest.mark.parametrize(("days", "due"), [(KEPT - 1, 0), (KEPT, 0), (KEPT + 1, 1)])
async def test_what_a_certificate_was_made_of_is_due_the_day_after_its_term(
    issued: Office, superuser: Connection, days: int, due: int
) -> None:
    keep(issued, *OF_A_CERTIFICATE)
    await date_back(superuser, days)

    lines = retain(issued, "--apply")

    assert {name: (line["due"], line["ended"]) for name, line in lines.items()} == {
        data_class: (due, due) if data_class in OF_A_CERTIFICATE else (0, 0) for data_class in DataClass
    }


@pytest.mark.parametrize(("days", "due"), [(KEPT - 1, 0), (KEPT, 0), (KEPT + 1, 1)])
async def test_a_person_without_certificate_is_due_the_day_after_the_term(
    failed: Office, superuser: Connection, days: int, due: int
) -> None:
    keep(failed, DataClass.ROSTERS)
    await date_back(superuser, days)

    line = retain(failed, "--apply")["rosters"]

    assert (line["due"], line["ended"]) == (due, due)
    assert await superuser.fetchval("select count(*) from subject_key") == 1 - due


@pytest.mark.parametrize(("young", "kept"), KEPT_BY.items())
async def test_the_last_use_counts(issued: Office, superuser: Connection, young: str, kept: set[str]) -> None:
    keep(issued, *OF_A_CERTIFICATE)
    await date_back(superuser, KEPT + 1)
    await date_back(superuser, KEPT, young)

    assert {name for name, line in retain(issued).items() if not line["due"]} == {"rosters", "drafts", *kept}


@pytest.mark.parametrize("young", ["enrolment", "sitting"])
async def test_a_later_enrolment_or_sitting_keeps_who_has_no_certificate(
    failed: Office, superuser: Connection, young: str
) -> None:
    keep(failed, DataClass.ROSTERS, DataClass.PHOTOS)
    await date_back(superuser, KEPT + 1)
    await date_back(superuser, KEPT, young)

    assert {line["due"] for line in retain(failed).values()} == {0}


@pytest.mark.parametrize("planned", ["exam_on", "make_up_on"])
async def test_an_exam_that_is_still_to_come_keeps_its_class(
    failed: Office, superuser: Connection, planned: str
) -> None:
    keep(failed, *DataClass)
    await date_back(superuser, KEPT + 1)
    await superuser.execute(f"update cohort set {planned} = now()")  # noqa: S608  # the names above

    assert {line["due"] for line in retain(failed).values()} == {0}


async def test_who_passed_and_waits_for_the_certificate_is_never_due(office: Office, superuser: Connection) -> None:
    office.enrol_passed([ANN])
    keep(office, DataClass.ROSTERS, DataClass.PHOTOS, DataClass.PHONES)
    await date_back(superuser, 10 * KEPT)

    assert {line["ended"] for line in retain(office, "--apply").values()} == {0}
    assert office.issue().json["issued"] == 1


async def test_who_waits_for_a_second_certificate_keeps_photo_and_phone(office: Office, superuser: Connection) -> None:
    both = trainee(0, also_host=True)
    office.enrol_passed([both])
    office.issue()
    office.import_results([Result(both, kind="online_host")])
    keep(office, DataClass.PHOTOS, DataClass.PHONES)
    await date_back(superuser, 10 * KEPT)

    assert {line["ended"] for line in retain(office, "--apply").values()} == {0}
    assert office.issue().json == {"issued": 1, "alreadyIssued": 1, "held": [], "notEligible": 0}


async def test_a_certificate_keeps_its_person_for_ever_from_the_term_of_rosters(
    issued: Office, superuser: Connection
) -> None:
    keep(issued, DataClass.ROSTERS)
    await date_back(superuser, 100 * KEPT)

    assert retain(issued)["rosters"]["due"] == 0


async def test_a_replaced_photo_is_due_at_once_unless_a_certificate_shows_it(
    issued: Office, superuser: Connection
) -> None:
    keep(issued, DataClass.PHOTOS)
    issued.import_roster([ANN], photos=photo_archive([ANN], shade=100))  # the first stays on the certificate
    assert retain(issued)["photos"]["due"] == 0

    issued.import_roster([ANN], photos=photo_archive([ANN], shade=50))

    assert retain(issued, "--apply")["photos"]["ended"] == 1
    assert await superuser.fetchval("select count(*) from photo") == 2


@pytest.mark.parametrize(("days", "due"), [(KEPT, 0), (KEPT + 1, 1)])
async def test_a_redeemed_code_is_due_by_the_day_it_was_redeemed(
    issued: Office, superuser: Connection, days: int, due: int
) -> None:
    keep(issued, DataClass.REDEMPTION_CODES)
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")
        redeemed = "update redemption_code set redeemed_at = (now() at time zone 'Asia/Shanghai')::date - $1::int"
        await superuser.execute(redeemed, days)

    assert retain(issued, "--apply")["redemption_codes"]["ended"] == due
    assert await superuser.fetchval("select count(*) from redemption_code") == 1 - due
