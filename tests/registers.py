"""Registers in which the main job is done, made once a run and then only cloned.

`sample`: both sample classes are enrolled, examined and issued to. `published`: the same after every kind of change
that the public may see, with the facts of some certificates by what they stand for. `shared`: two partners in one
planned class, with everything that can become of certificates, and a person whom both enrolled.
"""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from tests.conftest import PUBLIC_URL, WITH_ISSUER
from tests.databases import administrate, lent_database, run_apart
from tests.factories import Trainee, sample_people, trainee
from tests.office import Office
from verify_service.embedded.cluster import database_statements
from verify_service.embedded.server import EmbeddedServer
from verify_service.settings import BudgetLimits, RateLimits, Settings

SAMPLE: Final = "sample"
PUBLISHED: Final = "published"
SHARED: Final = "shared"
PARTNERS: Final = ("甲校", "乙校")
NAMESAKES: Final = "NAMESAKES"
NO_LIMITS: Final = RateLimits(*["1000000/minute"] * 3)
NO_BUDGETS: Final = BudgetLimits(*["1000000/minute"] * 4)
"""For tests of something else: all of them ask from one address, and again and again about the same people."""

# Whose certificate in the class of hosts stands for what; each name is there once.
VALID: Final = "迪丽拜尔·吐尔逊"
REVOKED_AS: Final = {
    "仁青卓玛": "issued_in_error",
    "欧阳喆": "exam_misconduct",
    "王想": "holder_request",
    "朱镕堃": "key_compromise",
}
CORRECTED: Final = "𠮷田禾"
CORRECTED_TWICE: Final = "单于〇"


class Certificate(msgspec.Struct, frozen=True):
    """One certificate, as `certificates list` shows it, and the facts about its person that find it."""

    number: str
    token: str
    qr: str
    name: str
    id_number: str
    phone: str
    sex: str

    def facts(self, *fields: str) -> dict[str, str]:
        """Return a lookup of these fields, or of all three."""
        every = {"name": self.name, "idNumber": self.id_number, "phone": self.phone}
        return {field: every[field] for field in fields or every}


@pytest.fixture(scope="session")
def sample_template(server: EmbeddedServer, ground: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the register `sample`, with 60 and 16 certificates."""

    def fill(office: Office) -> None:
        for cohort in ("operator", "host"):
            assert [ran.code for ran in office.import_sample(cohort)] == [0, 0]
            assert office.issue(cohort).code == 0

    _make_once(server, ground, SAMPLE, WITH_ISSUER, tmp_path_factory, fill)
    return SAMPLE


@pytest.fixture(scope="session")
def published_template(
    server: EmbeddedServer, ground: Path, sample_template: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of the register `published`."""
    _make_once(
        server,
        ground,
        PUBLISHED,
        sample_template,
        tmp_path_factory,
        lambda office: (ground / "published.json").write_bytes(msgspec.json.encode(publish(office))),
    )
    return PUBLISHED


@pytest.fixture(scope="session")
def certificates(published_template: str, ground: Path) -> Mapping[str, Certificate]:
    """Certificates of `published` by what they stand for.

    `valid`; `revoked-REASON`; `old` and `new`, corrected once; `first`, `second` and `third`, corrected twice;
    `namesake-0` and `namesake-1`, of one name and one phone; `twofold-0` and `twofold-1`, of one person.
    """
    return msgspec.json.decode((ground / "published.json").read_bytes(), type=dict[str, Certificate])


@pytest.fixture(scope="session")
def site(server: EmbeddedServer, ground: Path, published_template: str) -> Iterator[Settings]:
    """Settings of a service on the register `published`, which tests only read, with no limits to speak of."""
    with lent_database(server, published_template) as name:
        yield msgspec.structs.replace(
            _settings(server, name, ground / "keys"), rate_limits=NO_LIMITS, budgets=NO_BUDGETS
        )


@pytest.fixture(scope="session")
def shared_template(server: EmbeddedServer, ground: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the register `shared`: of each partner there are four people in SHARED and two in a class of its own.

    Of the four, by serial number: one whose certificate stands, one corrected, one revoked, one erased. One of the two
    is enrolled by the other partner too.
    """
    _make_once(server, ground, SHARED, WITH_ISSUER, tmp_path_factory, share)
    return SHARED


def share(office: Office) -> None:
    """Fill the register `shared`."""
    people = {partner: trainees_of(partner) for partner in PARTNERS}
    office.enrol_passed([one for partner in PARTNERS for one in people[partner][:4]], SHARED)
    for partner, other in (PARTNERS, PARTNERS[::-1]):
        both = msgspec.structs.replace(people[other][4], partner=partner)
        office.enrol_passed([people[partner][5], both], f"own-{PARTNERS.index(partner)}")
    for cohort in (SHARED, "own-0", "own-1"):
        assert office.issue(cohort).code == 0
    numbers = {line["name"]: line["number"] for line in office.list("--cohort", SHARED)}
    for partner in PARTNERS:
        _, corrected, revoked, erased = people[partner][:4]
        options = ("--name", office.private(corrected.name[0] + "更正"), "--note", "-")
        assert office.run("certificates", "correct", numbers[corrected.name], *options, stdin="登记有误").code == 0
        assert office.run("certificates", "revoke", numbers[revoked.name], "--reason", "exam_misconduct").code == 0
        whom = office.private(erased.id_number)
        ran = office.run("person", "erase", "--id-number", whom, "--note", "-", "--apply", stdin="本人要求")
        assert ran.code == 0
    assert office.run("certificates", "gate", "--cohort", SHARED).code == 0


def trainees_of(partner: str) -> list[Trainee]:
    """Return the six people of a partner in the register `shared`; the other partner also enrols the fifth."""
    first = 100 * PARTNERS.index(partner)
    return [trainee(first + place, partner=partner) for place in range(6)]


def publish(office: Office) -> dict[str, Certificate]:
    """Change the sample register and return the certificates that were changed, and some that were not."""
    hosts = {line["name"]: line for line in office.list("--cohort", "host")}
    for name, reason in REVOKED_AS.items():
        assert office.run("certificates", "revoke", hosts[name]["number"], "--reason", reason).code == 0
    new = _correct(office, hosts[CORRECTED], "吉田禾")
    second = _correct(office, hosts[CORRECTED_TWICE], "单于玲")
    third = _correct(office, second, "单于林")
    lines = {"valid": hosts[VALID], "old": hosts[CORRECTED], "new": new}
    lines |= {"first": hosts[CORRECTED_TWICE], "second": second, "third": third}
    lines |= {f"revoked-{reason}": hosts[name] for name, reason in REVOKED_AS.items()}
    people = {person.name: person for person in sample_people()["host"]}
    registered_as = {"new": CORRECTED, "second": CORRECTED_TWICE, "third": CORRECTED_TWICE}
    made = {key: _certificate(line, people[registered_as.get(key, line["name"])]) for key, line in lines.items()}
    return made | _namesakes(office) | _twofold(office)


def _namesakes(office: Office) -> dict[str, Certificate]:
    people = [trainee(serial, name="林同名", phone="19400000001") for serial in (0, 1)]
    office.enrol_passed(people, NAMESAKES)
    assert office.issue(NAMESAKES).json["issued"] == len(people)
    lines = sorted(office.list("--cohort", NAMESAKES), key=lambda line: str(line["number"]))
    return {f"namesake-{place}": _certificate(lines[place], people[place]) for place in (0, 1)}


def _twofold(office: Office) -> dict[str, Certificate]:
    person = next(person for person in sample_people()["operator"] if person.also_host)
    lines = [line for line in office.list("--cohort", "operator") if line["name"] == person.name]
    assert len(lines) == 2
    return {f"twofold-{place}": _certificate(line, person) for place, line in enumerate(lines)}


def _correct(office: Office, line: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Issue a certificate under a corrected name and return its line."""
    options = ("--name", office.private(name), "--note", "-", "--json")
    ran = office.run("certificates", "correct", line["number"], *options, stdin="登记有误")
    return next(listed for listed in office.list("--cohort", "host") if listed["number"] == ran.json["number"])


def _certificate(line: Mapping[str, Any], person: Trainee) -> Certificate:
    return Certificate(
        number=line["number"],
        token=line["token"],
        qr=line["qr"],
        name=line["name"],
        id_number=person.id_number,
        phone=person.phone,
        sex=person.sex,
    )


def _make_once(
    server: EmbeddedServer,
    ground: Path,
    name: str,
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
    fill: Callable[[Office], object],
) -> None:
    with (ground / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (ground / f"{name}.made").exists():
            # Another worker may have failed half-way.
            run_apart(administrate(server, f"drop database if exists {name}", *database_statements(name, template)))
            fill(Office(_settings(server, name, ground / "keys"), tmp_path_factory.mktemp(name)))
            (ground / f"{name}.made").touch()


def _settings(server: EmbeddedServer, database: str, key_dir: Path) -> Settings:
    urls = server.urls(database)
    return Settings(
        data_dir=key_dir.parent / f"of-{database}",  # or a command would ask the signer of another register's server
        key_dir=key_dir,
        public_url=PUBLIC_URL,
        database_url=urls.web,
        operator_database_url=urls.operator,
        migration_database_url=urls.migration,
        signer_database_url=urls.signer,
    )
