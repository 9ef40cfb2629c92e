"""Importing a corrected roster again: only what changed is changed, and it is said."""

import pytest

from tests.factories import HOST, OPERATOR, Trainee, photo_archive, roster_csv, trainee, trainees
from tests.office import Office
from verify_service.database import Connection

ANN, BOB, EVE = trainees(3)
PHONE = "19499999999"


@pytest.fixture
def office(office: Office) -> Office:
    """An office where Ann and Bob are enrolled with photos."""
    assert office.import_roster([ANN, BOB], photos=photo_archive([ANN, BOB], 200)).code == 0
    return office


@pytest.mark.parametrize(
    ("roster", "photos", "changes"),
    [
        ([ANN, BOB], [ANN, BOB], {}),
        ([BOB, ANN], None, {}),
        ([ANN, trainee(1, phone=PHONE)], None, {2: ["phone"]}),
        ([ANN, trainee(1, also_host=True)], None, {2: ["examEntry"]}),
        ([ANN, BOB, EVE], None, {3: ["person", "enrolment"]}),
        ([trainee(0, phone=PHONE, also_host=True), BOB], None, {1: ["phone", "examEntry"]}),
    ],
)
async def test_a_corrected_file_changes_only_what_changed(
    office: Office, roster: list[Trainee], photos: list[Trainee] | None, changes: dict[int, list[str]]
) -> None:
    ran = office.import_roster(roster, photos=photo_archive(photos, 200) if photos else None)

    assert (ran.code, ran.counts) == (0, (len(changes), len(roster) - len(changes)))
    assert ran.json["changes"] == [{"row": row, "changes": words} for row, words in changes.items()]
    assert office.import_roster(roster).json["changes"] == []


def test_another_photo_is_told_beside_another_phone(office: Office) -> None:
    moved = trainee(1, phone=PHONE)

    ran = office.import_roster([ANN, moved], photos=photo_archive([moved], 90))

    assert ran.json["changes"] == [{"row": 2, "changes": ["phone", "photo"]}]


def test_a_known_person_in_another_cohort_is_only_enrolled(office: Office) -> None:
    ran = office.import_roster([ANN], cohort="C2", kind=HOST)

    assert ran.json["changes"] == [{"row": 1, "changes": ["enrolment"]}]


def test_people_read_in_words_what_changed_and_who_is_missing(office: Office) -> None:
    office.import_roster([EVE])
    corrected = [*trainees(4, first=10), trainee(0, phone=PHONE, also_host=True), trainee(14)]
    file = office.write("roster.csv", roster_csv(corrected))
    photos = office.write("photos.zip", photo_archive(corrected, 90))

    ran = office.run("roster", "import", file, "--photos", photos, "--cohort", "C1", "--kind", OPERATOR)

    assert "新报名：第 1–4、6 条\n" in ran.out
    assert "第 5 条：手机号、照片、加考已更新\n" in ran.out
    assert "另有 2 人此前已报名、不在本表中，未作改动\n" in ran.out


@pytest.mark.parametrize(
    ("roster", "absent"),
    [
        ([ANN, BOB], 0),
        ([BOB], 1),
        ([EVE], 2),
        ([trainee(2, partner="另一家")], 0),
        ([ANN, trainee(1, phone="12345")], 0),
    ],
)
async def test_whoever_is_not_in_the_file_is_counted_and_stays(
    office: Office, operator: Connection, roster: list[Trainee], absent: int
) -> None:
    ran = office.import_roster(roster, "--accept-valid-rows")

    assert ran.json["absent"] == absent
    enrolled = await operator.fetchval("select count(*) from enrolment")
    assert enrolled == 2 + len({person.id_number for person in roster} - {ANN.id_number, BOB.id_number})


def test_in_a_refused_file_nobody_is_called_absent(office: Office) -> None:
    ran = office.import_roster([trainee(0, phone="12345")])

    assert (ran.code, ran.json["changes"], ran.json["absent"]) == (1, [], 0)


def test_the_second_kind_stays_where_a_later_roster_no_longer_asks_for_it(office: Office) -> None:
    office.import_roster([trainee(0, also_host=True)])

    ran = office.import_roster([ANN])

    assert (ran.counts, ran.codes("warnings")) == ((0, 1), {1: ["EXAM_ENTRY_STANDS"]})


def test_a_name_spelt_otherwise_is_left_alone_and_pointed_at(office: Office) -> None:
    office.import_roster([trainee(5, name="阿里木·买买提")])

    ran = office.import_roster([trainee(5, name="阿里木买买提")])

    assert (ran.code, ran.counts, ran.codes("warnings")) == (0, (0, 1), {1: ["NAME_VARIANT"]})


async def test_the_trail_names_the_changes_and_no_value(office: Office, operator: Connection) -> None:
    office.import_roster([trainee(0, phone=PHONE, also_host=True)])

    last = await operator.fetchrow("select action, detail from audit_event order by audit_event_id desc limit 1")

    assert last is not None
    assert (last["action"], last["detail"]) == ("enrolment_changed", '{"changes": ["phone", "examEntry"]}')


async def test_a_large_roster_is_enrolled_whole_and_in_its_order(office: Office, operator: Connection) -> None:
    everybody = trainees(1_100, first=100)

    ran = office.import_roster(everybody, cohort="C2")
    again = office.import_roster(everybody, cohort="C2")

    assert (ran.counts, again.counts) == ((1_100, 0), (0, 1_100))
    assert [changes["row"] for changes in ran.json["changes"]] == list(range(1, 1_101))
    assert await operator.fetchval("select count(*) from redemption_code") == 2 + 1_100
