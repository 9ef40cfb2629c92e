"""Six ways to falsify the trail, by somebody who rules the database: each is found and its first bad row named.

The last two are not found by the chain alone. They are, by heads that were signed and kept where that somebody is not.
"""

from pathlib import Path

import pytest

from signing import Signer
from tests.integration.trail.trails import CUT, DELETE, EDIT, EXCHANGE, INSERT, RECHAIN, forge, seal, write_events
from tests.office import Office
from verify_service.database import Connection
from verify_service.settings import Settings
from verify_service.trail.model import Fault, FaultKind
from verify_service.trail.service.believing import registered_keys
from verify_service.trail.service.checking import check_register
from verify_service.trail.service.keeping import read_notes

TAMPERINGS = {
    "a field is edited": (EDIT, Fault(FaultKind.EDITED, 22, 22)),
    "a row is deleted": (DELETE, Fault(FaultKind.MISSING, 22, 22)),
    "two rows are exchanged": (EXCHANGE, Fault(FaultKind.EDITED, 22, 22)),
    "a backdated row is put in": (INSERT, Fault(FaultKind.EDITED, 22, 22)),
    "the end is cut off": (CUT, Fault(FaultKind.CUT, 28, 30)),
    "all is written anew": (EDIT + ";" + RECHAIN.format(first=22), Fault(FaultKind.REWRITTEN, 21, 25)),
}
NEEDS_HEADS = {"the end is cut off", "all is written anew"}


@pytest.fixture
async def heads(operator: Connection, settings: Settings, audit_signer: Signer, tmp_path: Path) -> Path:
    """A trail of thirty events, signed after the twentieth, the twenty-fifth and the last."""
    folder = tmp_path / "elsewhere"
    for upto in (20, 25, 30):
        await write_events(operator, upto)
        assert await seal(settings, audit_signer, folder) == 1
    return folder


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_each_tampering_is_found_and_its_first_row_named(
    operator: Connection, superuser: Connection, heads: Path, name: str
) -> None:
    keys, (statements, fault) = await registered_keys(operator), TAMPERINGS[name]
    whole = await check_register(operator, keys, read_notes(heads))
    assert (whole.fault, whole.events, whole.heads, whole.signed_through) == (None, 30, 3, 30)

    await forge(superuser, statements)
    assert (await check_register(operator, keys, read_notes(heads))).fault == fault

    # The control: what the chain finds by itself, where whoever falsified it took the heads away too.
    await forge(superuser, "truncate audit_head")
    assert ((await check_register(operator, keys)).fault is None) == (name in NEEDS_HEADS)


@pytest.mark.parametrize("statements", [DELETE, EXCHANGE, INSERT])
async def test_a_forger_who_also_mends_the_chain_is_found_by_the_heads(
    operator: Connection, superuser: Connection, heads: Path, statements: str
) -> None:
    close_the_gap = "update audit_event set audit_event_id = audit_event_id - 1 where audit_event_id > 22"
    await forge(superuser, statements + ";" + (close_the_gap if statements == DELETE else ""))
    await forge(superuser, RECHAIN.format(first=22))
    keys = await registered_keys(operator)

    assert (await check_register(operator, keys, read_notes(heads))).fault == Fault(FaultKind.REWRITTEN, 21, 25)

    await forge(superuser, "truncate audit_head")
    assert (await check_register(operator, keys)).fault is None


async def test_a_head_that_nobody_signed_is_found(operator: Connection, superuser: Connection, heads: Path) -> None:
    await forge(superuser, "update audit_head set signed_note = replace(signed_note, E'\\n30\\n', E'\\n29\\n')")

    verdict = await check_register(operator, await registered_keys(operator))

    assert verdict.fault == Fault(FaultKind.HEAD_FORGED, 29, 29)


async def test_the_signer_vouches_for_no_forged_trail(
    operator: Connection, superuser: Connection, settings: Settings, audit_signer: Signer, heads: Path
) -> None:
    await write_events(operator, 34)
    await forge(superuser, "update audit_event set object_id = 'FAKE' where audit_event_id = 32")

    with pytest.raises(Exception, match="event 32: not the content that was hashed"):
        await seal(settings, audit_signer, heads)

    await forge(superuser, RECHAIN.format(first=32))
    assert await seal(settings, audit_signer, heads) == 1  # what no head had vouched for yet: an hour at most
    await forge(superuser, "delete from audit_event where audit_event_id > 30")
    await forge(superuser, "delete from audit_head where audit_event_id > 30")
    with pytest.raises(Exception, match="events 31 to 34: signed, and no longer there"):
        await seal(settings, audit_signer, heads)  # the folder remembers what the database no longer does


async def test_the_command_says_where_and_ends_with_one(
    operator: Connection, superuser: Connection, settings: Settings, heads: Path, tmp_path: Path
) -> None:
    office = Office(settings, tmp_path)
    published, exported = tmp_path / "published", str(tmp_path / "trail.jsonl")
    published.mkdir()
    assert office.run("keys", "publish", str(published)).code == 0
    assert office.run("audit", "export", "-o", exported).code == 0
    whole = office.run("audit", "verify")
    assert (whole.code, whole.out) == (0, "whole: 30 events, 3 signed heads\n")
    assert office.run("audit", "verify", exported, "--keys", str(published), "--json").json["signedThrough"] == 30

    await forge(superuser, CUT)
    await forge(superuser, "truncate audit_head")

    assert office.run("audit", "verify").code == 0
    found = office.run("audit", "verify", "--heads", str(heads))
    assert (found.code, found.out) == (
        1,
        "NOT WHOLE: events 28 to 30: signed, and no longer there; the end of the trail was cut off\n",
    )
    later = str(tmp_path / "later.jsonl")
    assert office.run("audit", "export", "-o", later).code == 0
    offline = office.run("audit", "verify", later, "--keys", str(published), "--heads", str(heads), "--json")
    assert (offline.code, offline.json["fault"]) == (1, {"kind": "cut", "event": 28, "through": 30})
    assert office.run("audit", "verify", later).code == 2  # whom to believe must come from elsewhere
