"""What both verifiers of the kit answer, artefact by artefact."""

import datetime
import json
from typing import Any, Final

import pytest

from tests.kit.issuer import SIGNED_AT, published_keys, qr_text, signer, status_list
from tests.kit.programs import KIT, PROGRAMS, Job, Keys, judge_all

REVOKED, SUPERSEDED, VALID, LAST = 94_567, 8, 3, 131_071
LISTS: Final = (
    status_list("revocation", REVOKED, SUPERSEDED, LAST),
    status_list("refresh", SUPERSEDED),
)
LATER: Final = SIGNED_AT + datetime.timedelta(hours=25)
STATUSES = [
    pytest.param(VALID, LISTS, "valid", "VALID", id="valid"),
    pytest.param(REVOKED, LISTS, "revoked", "REVOKED", id="revoked"),
    pytest.param(LAST, LISTS, "revoked", "REVOKED", id="last position"),
    pytest.param(SUPERSEDED, LISTS, "superseded", "SUPERSEDED", id="superseded"),
    pytest.param(VALID, (), "valid", "NOT_ASKED", id="no lists"),
    pytest.param(REVOKED, LISTS[:1], "unverifiable", "STATUS_LIST_MISSING", id="one purpose"),
    pytest.param(131_072 + VALID, LISTS, "unverifiable", "STATUS_LIST_MISSING", id="another number"),
    pytest.param(VALID, (LISTS[0], "{}"), "unverifiable", "STATUS_LIST_INVALID", id="no list at all"),
    pytest.param(
        VALID, (LISTS[0].replace("02:00:00", "03:00:00"), LISTS[1]), "unverifiable", "STATUS_LIST_INVALID", id="forged"
    ),
    pytest.param(
        VALID,
        (*LISTS, status_list("revocation", VALID, signed_at=SIGNED_AT + datetime.timedelta(hours=2))),
        "revoked",
        "REVOKED",
        id="the later list counts",
    ),
]


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((KIT / "vectors" / "certificate.json").read_text())
    return loaded


def status_of(verdict: dict[str, Any]) -> str:
    """Return the detail of the check of the status."""
    (detail,) = [made["detail"] for made in verdict["checks"] if made["check"] == "status"]
    return str(detail)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_worked_example_is_genuine_and_shown_as_it_was_signed(program: str, vector: dict[str, Any]) -> None:
    keys = Keys(vector["didDocument"], vector["jwks"])

    record, qr = judge_all(program, keys, [Job(vector["record"].encode()), Job(vector["qrText"].encode())])

    assert (record["outcome"], qr["outcome"]) == ("valid", "valid")
    assert record["certificate"] == {
        "title": "全媒体运营师岗位合格证书",
        "number": "QMT20260001234",
        "name": "𠮷野·𬱖",
        "sex": "女",
        "issuedOn": "2026-11-23",
        "issuer": "国家广播电视总局广播影视人才交流中心",
    }
    assert qr["certificate"] == {"number": "QMT20260001234", "name": "𠮷野·𬱖", "issuedOn": "2026-11-23"}
    assert [made["outcome"] for made in qr["checks"] if made["check"] == "registry"] == ["skipped"]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("index", "lists", "outcome", "detail"), STATUSES)
def test_the_status_lists_decide(program: str, index: int, lists: tuple[str, ...], outcome: str, detail: str) -> None:
    (verdict,) = judge_all(program, published_keys(), [Job(qr_text(index).encode(), lists)])

    assert (verdict["outcome"], status_of(verdict)) == (outcome, detail)
    assert verdict["certificate"]["name"] == "林晓雯"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_stale_list_says_nothing_not_even_of_what_it_lists(program: str) -> None:
    jobs = [Job(qr_text(index).encode(), LISTS, LATER) for index in (VALID, REVOKED)]

    for verdict in judge_all(program, published_keys(), jobs):
        assert (verdict["outcome"], status_of(verdict)) == ("unverifiable", "STATUS_LIST_STALE")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_status_list_is_itself_an_artefact(program: str) -> None:
    jobs = [Job(LISTS[0].encode()), Job(LISTS[1].encode()), Job(LISTS[1].encode(), now=LATER)]

    verdicts = judge_all(program, published_keys(), jobs)

    assert [verdict["outcome"] for verdict in verdicts] == ["valid", "valid", "unverifiable"]
    assert [verdict["certificate"] for verdict in verdicts] == [None] * 3


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_name_of_any_length_and_script_is_read_back(program: str) -> None:
    names = ["一", "a" * 23, "a" * 24, "阿" * 85, "阿" * 86, "迪丽拜尔·吐尔逊", "𠮷" * 70, "ﷺ" * 90]

    verdicts = judge_all(program, published_keys(), [Job(qr_text(VALID, name=name).encode()) for name in names])

    assert [verdict["certificate"]["name"] for verdict in verdicts] == names


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_issuer_that_has_moved_is_believed_under_the_address_that_is_named(program: str) -> None:
    text = qr_text(VALID).replace("rz.example.cn", "new.example.cn")
    keys = published_keys()

    (stranger,) = judge_all(program, keys, [Job(text.encode())])
    (moved,) = judge_all(program, Keys(keys.did, keys.jwks, ("https://new.example.cn",)), [Job(text.encode())])

    assert (stranger["outcome"], stranger["checks"][0]["detail"]) == ("invalid", "OTHER_SITE")
    assert moved["outcome"] == "valid"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_key_signs_its_own_format_only(program: str) -> None:
    keys = published_keys()
    document = json.loads(keys.did)
    unlisted = json.dumps(document | {"assertionMethod": document["assertionMethod"][:1]})

    (by_another,) = judge_all(program, keys, [Job(qr_text(VALID, by=signer("2026-q1", 9)).encode())])
    (by_unknown_kid,) = judge_all(program, published_keys(cose_kid=7), [Job(qr_text(VALID).encode())])
    (unasserted,) = judge_all(program, Keys(unlisted, keys.jwks), [Job(LISTS[0].encode())])

    assert by_another["checks"][0]["detail"] == "SIGNATURE_BROKEN"
    assert by_unknown_kid["checks"][0]["detail"] == "NOT_OUR_SIGNATURE"
    assert unasserted["checks"][0]["detail"] == "NOT_OUR_SIGNATURE"
