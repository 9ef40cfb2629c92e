"""Keys change while the site answers: no restart, no failed request; and what it says of those that were stolen."""

from pathlib import Path

from signing import parse_compromised_keys, parse_jwks
from tests.factories import trainees
from tests.integration.web.conftest import Client, asking
from tests.office import Office
from verify_service.settings import Settings

JSON = {"Accept": "application/json"}


async def key_ids(client: Client) -> set[str]:
    return {str(key.key_id) for key in parse_jwks((await client.get("/.well-known/jwks.json")).content)}


async def test_a_certificate_signed_by_a_key_made_meanwhile_is_answered_at_once(
    settings: Settings, tmp_path: Path
) -> None:
    office = Office(settings, tmp_path)
    async with asking(settings) as client:
        before = await key_ids(client)
        for purpose in ("credential", "qr", "status"):
            assert office.run("keys", "rotate", purpose).code == 0
        office.enrol_passed(trainees(1, 700), "later")
        assert office.issue("later").code == 0
        [row] = office.list("--cohort", "later")

        answer = await client.get(f"/v/{row['token']}", headers=JSON)

        assert (answer.status_code, answer.json()["outcome"]) == (200, "valid")
        after = await key_ids(client)
        assert (len(before), len(after - before), before - after) == (3, 3, set())


async def test_what_a_stolen_key_signed_counts_where_it_is_registered(settings: Settings, tmp_path: Path) -> None:
    office = Office(settings, tmp_path)
    office.enrol_passed(trainees(1, 700), "early")
    assert office.issue("early").code == 0
    [row] = office.list("--cohort", "early")
    note = office.private("a backup of KEY_DIR was stolen")
    for key in office.run("keys", "list", "--json").json:
        if key["purpose"] in {"credential", "qr"}:
            assert office.run("keys", "retire", key["keyId"], "--compromised", "--note", note).code == 0

    async with asking(settings) as client:
        opened = (await client.get(f"/v/{row['token']}", headers=JSON)).json()
        record = (await client.get(f"/v/{row['token']}/record.json")).content
        verified = (await client.post("/api/v1/verifications", json={"qr": row["qr"]})).json()
        jwk_set = (await client.get("/.well-known/jwks.json")).content
        document = (await client.get("/.well-known/did.json")).json()

    assert (opened["outcome"], opened["checks"][0]["detail"]) == ("valid", "KEY_COMPROMISED_BUT_REGISTERED")
    assert (verified["outcome"], verified["checks"][0]["detail"]) == ("valid", "KEY_COMPROMISED_BUT_REGISTERED")
    assert record
    stolen = {str(key.key_id) for key in parse_compromised_keys(jwk_set)}
    assert {key_id[5] for key_id in stolen} == {"c", "q"}
    asserting = {method.partition("#")[2] for method in document["assertionMethod"]}
    assert asserting.isdisjoint(stolen)
    assert {method["id"].partition("#")[2] for method in document["verificationMethod"]} > asserting
