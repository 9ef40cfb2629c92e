"""What is gone after a class has ended, what stays, and that every command goes on working without it."""

import pytest

from tests.desks import ask
from tests.factories import HOST, Result, Trainee, photo, photo_archive, trainee
from tests.integration.register.retention.ageing import KEPT, date_back, give_scores, keep, retain
from tests.office import Office
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.retention.model import DataClass
from verify_service.sealing.model import Secrets

ANN = trainee(0)


@pytest.fixture
async def office(office: Office, superuser: Connection) -> Office:
    """An office that issued to Ann longer ago than anything is kept."""
    office.enrol_passed([ANN])
    assert office.issue().json["issued"] == 1
    await give_scores(superuser)
    await date_back(superuser, KEPT + 1)
    return office


def end(office: Office, data_class: DataClass) -> None:
    keep(office, data_class)
    assert retain(office, "--apply")[data_class]["ended"] == 1


async def found(web: Connection, secrets: Secrets, of: Trainee) -> dict[str, int]:
    """Return how many certificates each pair of facts finds."""
    pairs = {
        "name and ID number": Facts(name=of.name, id_number=of.id_number),
        "name and phone": Facts(name=of.name, phone=of.phone),
        "ID number and phone": Facts(id_number=of.id_number, phone=of.phone),
    }
    return {name: len((await ask(web, secrets.index[0], facts)).certificates) for name, facts in pairs.items()}


async def test_a_phone_that_ended_finds_nothing_and_name_with_id_number_still_does(
    office: Office, web: Connection, superuser: Connection, secrets: Secrets
) -> None:
    listed = office.list()
    assert set((await found(web, secrets, ANN)).values()) == {1}

    end(office, DataClass.PHONES)

    assert await found(web, secrets, ANN) == {"name and ID number": 1, "name and phone": 0, "ID number and phone": 0}
    assert await superuser.fetchval("select count(*) from subject where sealed_phone is not null") == 0
    assert office.list() == listed


async def test_a_later_roster_brings_a_phone_again_and_it_is_not_ended_the_next_day(
    office: Office, web: Connection, secrets: Secrets
) -> None:
    end(office, DataClass.PHONES)
    later = trainee(0, phone="19499999999")

    assert office.import_roster([later], cohort="C2", photos=photo_archive([later])).code == 0

    assert set((await found(web, secrets, later)).values()) == {1}
    assert retain(office, "--apply")["phones"]["ended"] == 0


async def test_a_certificate_is_corrected_and_found_without_a_phone(
    office: Office, web: Connection, secrets: Secrets
) -> None:
    end(office, DataClass.PHONES)
    number = office.list()[0]["number"]

    ran = office.run("certificates", "correct", number, "--name", office.private("林新名"), "--note", "-", stdin="x")

    assert ran.code == 0, ran.err
    assert (await found(web, secrets, trainee(0, name="林新名")))["name and ID number"] == 1


async def test_a_second_certificate_is_issued_to_a_person_without_a_phone(
    office: Office, superuser: Connection, web: Connection, secrets: Secrets
) -> None:
    end(office, DataClass.PHONES)
    entry = "insert into exam_entry select gen_random_uuid(), enrolment_id, 'online_host' from enrolment"
    await superuser.execute(entry)
    office.import_results([Result(ANN, kind=HOST)])

    assert office.issue().json["issued"] == 1

    assert await found(web, secrets, ANN) == {"name and ID number": 2, "name and phone": 0, "ID number and phone": 0}


async def test_a_certificate_whose_photo_ended_is_drawn_with_an_empty_field_and_says_so(office: Office) -> None:
    number, pdf, archive = office.list()[0]["number"], str(office.folder / "a.pdf"), str(office.folder / "c1.zip")
    before = office.run("certificates", "pdf", number, "-o", pdf)
    end(office, DataClass.PHOTOS)

    drawn = office.run("certificates", "pdf", number, "-o", pdf)
    exported = office.run("certificates", "export", "--cohort", "C1", "-o", archive)

    assert (before.code, before.err) == (0, "")
    assert (drawn.code, drawn.err) == (0, f"note: the photo of {number} is no longer kept; its field is empty\n")
    assert (exported.code, exported.err) == (0, "note: the photos of 1 are no longer kept; their fields are empty\n")


async def test_a_certificate_whose_photo_ended_is_corrected_only_with_a_new_one(
    office: Office, superuser: Connection
) -> None:
    end(office, DataClass.PHOTOS)
    assert await superuser.fetchval("select count(*) from enrolment where photo_id is not null") == 0
    number = office.list()[0]["number"]
    correct = ("certificates", "correct", number, "--name", office.private("林新名"), "--note", "-")

    refused = office.run(*correct, stdin="改名")
    done = office.run(*correct, "--photo", office.write("new.jpg", photo(90)), stdin="改名")

    assert (refused.code, "NO_PHOTO" in refused.err) == (1, True)
    assert done.code == 0, done.err
    assert retain(office, "--apply")["photos"]["ended"] == 0


async def test_scores_end_and_what_the_certificate_rests_on_stays(office: Office, superuser: Connection) -> None:
    sittings = "select kind, held_on, conclusion from sitting"
    before = await superuser.fetch(sittings)

    end(office, DataClass.RESULTS)

    assert await superuser.fetch(sittings) == before
    assert await superuser.fetchval("select num_nonnulls(theory_score_tenths, practice_score_tenths) from sitting") == 0
    assert office.list()[0]["status"] == "valid"


async def test_a_code_that_ended_is_unknown(office: Office, superuser: Connection) -> None:
    end(office, DataClass.REDEMPTION_CODES)

    assert await superuser.fetchval("select count(*) from redemption_code") == 0
    assert office.import_roster([ANN], photos=photo_archive([ANN])).counts == (0, 1)


async def test_people_without_a_certificate_are_erased_and_their_enrolments_stay(
    office: Office, superuser: Connection
) -> None:
    bob = trainee(1)
    office.import_roster([bob], cohort="C2", photos=photo_archive([bob]))
    office.import_results([Result(bob, "缺考")], "C2")
    await date_back(superuser, KEPT + 1)

    end(office, DataClass.ROSTERS)

    left = "select count(*) from {} join enrolment using (enrolment_id) join cohort using (cohort_id) where code = 'C2'"
    assert await superuser.fetchval(left.format("exam_entry")) == 1
    assert await superuser.fetchval(left.format("redemption_code")) == 0
    assert await superuser.fetchval("select count(*) from subject where sealed_name is null") == 1
    for table in ("subject_key", "photo", "sitting"):
        assert await superuser.fetchval(f"select count(*) from {table}") == 1  # noqa: S608  # the names above
    assert len(office.list()) == 1
