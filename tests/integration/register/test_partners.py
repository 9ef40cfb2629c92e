"""Partners are found by every name rosters use for them, and keep their trainees when they are renamed."""

import pytest

from tests.factories import HOST, OPERATOR, PARTNER, roster_csv, trainee, trainees
from tests.office import Office
from verify_service.database import Connection

ALIAS = "测试学院（东区）"


@pytest.fixture
def office(office: Office) -> Office:
    """An office with two partners, of two trainees and one."""
    assert office.import_roster([*trainees(2), trainee(2, partner="另一家")]).code == 0
    return office


def listed(office: Office) -> dict[str, tuple[list[str], int]]:
    lines = office.run("partner", "list", "--json").json
    return {line["name"]: (line["aliases"], line["trainees"]) for line in lines}


def test_the_list_counts_each_trainee_once(office: Office) -> None:
    office.import_roster([trainee(0)], cohort="C2", kind=HOST)

    assert listed(office) == {PARTNER: ([], 2), "另一家": ([], 1)}


def test_an_alias_lets_rosters_find_the_partner(office: Office) -> None:
    roster = [trainee(3, partner="测试学院 (东区)")]
    assert office.import_roster(roster, create_partners=False).codes() == {1: ["UNKNOWN_PARTNER"]}

    assert office.run("partner", "alias", PARTNER, "--add", ALIAS).code == 0

    assert office.import_roster(roster, create_partners=False).code == 0
    assert listed(office)[PARTNER] == (["测试学院(东区)"], 3)


def test_an_alias_may_be_given_again_but_not_to_another_partner(office: Office) -> None:
    assert [office.run("partner", "alias", PARTNER, "--add", ALIAS).code for _ in range(2)] == [0, 0]

    taken = office.run("partner", "alias", "另一家", "--add", ALIAS)

    assert (taken.code, "PARTNER_NAME_TAKEN" in taken.err) == (5, True)


async def test_a_renamed_partner_keeps_its_id_and_is_found_by_its_old_name(
    office: Office, operator: Connection
) -> None:
    before = await operator.fetch("select distinct partner_id from enrolment order by 1")

    assert office.run("partner", "rename", PARTNER, "测试大学").code == 0

    assert listed(office)["测试大学"] == ([PARTNER], 2)
    assert office.import_roster(trainees(2), create_partners=False).counts == (0, 2)
    assert await operator.fetch("select distinct partner_id from enrolment order by 1") == before


def test_a_partner_is_renamed_to_another_spelling_of_its_name(office: Office) -> None:
    assert office.run("partner", "rename", "另一家", "另 一 家").code == 0

    assert listed(office)["另 一 家"] == ([], 1)


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("rename", PARTNER, "另一家"), 5, "PARTNER_NAME_TAKEN"),
        (("rename", "无此机构", "新名"), 2, "UNKNOWN_PARTNER"),
        (("alias", "无此机构", "--add", "新名"), 2, "UNKNOWN_PARTNER"),
        (("alias", PARTNER, "--add", "测试?院"), 2, "REPLACEMENT"),
        (("rename", PARTNER, " "), 2, "EMPTY"),
        (("rename", PARTNER, "长" * 101), 2, "TOO_LONG"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    office: Office, arguments: tuple[str, ...], code: int, word: str
) -> None:
    before = listed(office)

    ran = office.run("partner", *arguments)

    assert (ran.code, word in ran.err) == (code, True)
    assert listed(office) == before


async def test_the_trail_has_every_change_of_a_name_once(office: Office, operator: Connection) -> None:
    for _ in range(2):
        office.run("partner", "alias", PARTNER, "--add", ALIAS)
        office.run("partner", "rename", PARTNER, "测试大学")

    events = await operator.fetch(
        "select action, detail from audit_event where action like 'partner\\_%' order by audit_event_id"
    )
    assert [tuple(event) for event in events] == [
        ("partner_added", "{}"),
        ("partner_added", "{}"),
        ("partner_alias_added", '{"alias": "测试学院(东区)"}'),
        ("partner_renamed", '{"to": "测试大学", "from": "测试学院"}'),
    ]


def test_only_the_operator_reads_which_registered_name_was_meant(office: Office) -> None:
    roster = [trainee(3, partner="测试学校"), trainee(4, partner="测试学校"), trainee(5, partner="全然不同")]
    file = office.write("roster.csv", roster_csv(roster))
    arguments = ("roster", "import", file, "--cohort", "C1", "--kind", OPERATOR)

    printed = office.run(*arguments).out

    assert printed.count("合作机构“测试学校”未登记；相近的已登记名称：测试学院\n") == 1
    assert "“全然不同”" not in printed
    assert PARTNER not in office.run(*arguments, "--json").out
