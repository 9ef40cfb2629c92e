"""`api-keys`: a key is shown once, listed without it, and ended by its name."""

from tests.office import Office
from verify_service.api_clients.rules import is_key

CREATE = ("api-keys", "create", "--name", "抖音", "--purpose", "主播入驻资格核验")


def test_a_key_is_printed_alone_and_never_again(office: Office) -> None:
    created = office.run(*CREATE, "--daily", "2000")

    key = created.out.strip()
    assert created.code == 0
    assert is_key(key)
    assert key not in created.err
    (listed,) = office.run("api-keys", "list", "--json").json
    assert key not in repr(listed)
    assert (listed["name"], listed["purpose"]) == ("抖音", "主播入驻资格核验")
    assert (listed["dailyRows"], listed["rowsToday"], listed["rowsEver"]) == (2000, 0, 0)
    assert listed["revokedAt"] is None


def test_a_revoked_key_stays_listed(office: Office) -> None:
    office.run(*CREATE)

    assert [office.run("api-keys", "revoke", "抖音").code for _ in range(2)] == [0, 0]

    assert office.run("api-keys", "list", "--json").json[0]["revokedAt"] is not None
    assert office.run("api-keys", "list").out.splitlines()[1].startswith("抖音\t主播入驻资格核验\t10000\t0\t0\t20")


def test_a_leaked_key_is_ended_by_itself(office: Office) -> None:
    key = office.run(*CREATE).out

    ended = office.run("api-keys", "revoke", "@" + office.write("leaked.txt", key))

    assert (ended.code, ended.out) == (0, "the key of 抖音 is revoked now\n")
    assert office.run("api-keys", "revoke", "-", stdin="vsk_nobody").code == 2


def test_what_cannot_be_done_is_said(office: Office) -> None:
    office.run(*CREATE)

    again = office.run(*CREATE)
    assert (again.code, "API_KEY_NAME_TAKEN" in again.err, again.out) == (5, True, "")
    unknown = office.run("api-keys", "revoke", "快手")
    assert (unknown.code, "UNKNOWN_API_KEY" in unknown.err) == (2, True)
    for options in (("--purpose", " "), ("--daily", "0"), ("--daily", "many"), ("--name", "")):
        assert office.run(*CREATE, *options).code == 2
