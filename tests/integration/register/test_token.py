"""Signing keys in a PKCS#11 token (SoftHSM2). Commands run as processes: a process holds one such library for ever."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from tests.factories import trainees
from tests.office import Office, Ran

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "271828"
pytestmark = pytest.mark.skipif(
    not LIBRARY.exists() and os.environ.get("CI") != "true", reason="softhsm2 is not installed"
)
SIGNING = ("credential", "qr", "status")


class TokenOffice:
    """Commands that find a token."""

    def __init__(self, office: Office, token: Mapping[str, str]) -> None:
        self.office = office
        self.environment = {**os.environ, **office.environment, **token}

    def run(self, *arguments: str, **changed: str) -> Ran:
        ran = subprocess.run(  # noqa: S603  # our own command line
            [sys.executable, "-m", "verify_service", *arguments],
            env={**self.environment, **{f"VERIFY_SERVICE_{name}": value for name, value in changed.items()}},
            capture_output=True,
            check=False,
            text=True,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def places(self) -> dict[str, str | None]:
        listed = self.run("keys", "list", "--json").json
        return {key["keyId"]: key["privateHalf"] for key in listed if key["purpose"] in SIGNING}


@pytest.fixture
def token_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tokens"
    folder.mkdir()
    return folder


@pytest.fixture
def token(token_folder: Path) -> dict[str, str]:
    configuration = token_folder.parent / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {token_folder}\nobjectstore.backend = file\n")
    environment = {"SOFTHSM2_CONF": str(configuration)}
    initialise = ["softhsm2-util", "--init-token", "--free", "--label", "verify", "--pin", PIN, "--so-pin", "314159"]
    subprocess.run(initialise, env={**os.environ, **environment}, check=True, capture_output=True)  # noqa: S603
    return {
        **environment,
        "VERIFY_SERVICE_PKCS11_MODULE": str(LIBRARY),
        "VERIFY_SERVICE_PKCS11_TOKEN": "verify",
        "VERIFY_SERVICE_PKCS11_PIN": PIN,
    }


@pytest.fixture
def at_token(office: Office, token: dict[str, str]) -> TokenOffice:
    """An office whose newest keys are in the token; those before are in `KEY_DIR`."""
    at_token = TokenOffice(office, token)
    for purpose in SIGNING:
        rotated = at_token.run("keys", "rotate", purpose)
        assert rotated.code == 0, rotated.err
    return at_token


def test_a_class_is_issued_with_keys_that_never_leave_the_token(at_token: TokenOffice, tmp_path: Path) -> None:
    office = at_token.office
    office.enrol_passed(trainees(3))
    issued = at_token.run("certificates", "issue", "--cohort", "C1", "--json")
    assert issued.code == 0, issued.err
    (tmp_path / "trusted").mkdir()
    assert office.run("keys", "publish", str(tmp_path / "trusted")).code == 0

    verdicts = [
        office.run("verify", row["qr"], "--keys", str(tmp_path / "trusted"), "--offline").code for row in office.list()
    ]

    assert verdicts == [0] * 3
    assert sorted(filter(None, at_token.places().values())) == ["file"] * 3 + ["token"] * 3
    in_token = [key_id for key_id, place in at_token.places().items() if place == "token"]
    assert not [key_id for key_id in in_token if list(tmp_path.rglob(f"{key_id}.pem"))]


def test_a_key_in_the_token_cannot_be_taken_out(at_token: TokenOffice) -> None:
    in_token = [key_id for key_id, place in at_token.places().items() if place == "token"]
    program = """
import sys, pkcs11
from pkcs11 import Attribute, ObjectClass
module, pin, label = sys.argv[1:]
with pkcs11.lib(module).get_token(token_label="verify").open(user_pin=pin) as session:
    (key,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label})
    assert key[Attribute.SENSITIVE] and not key[Attribute.EXTRACTABLE]
    try:
        key[Attribute.VALUE]
    except pkcs11.exceptions.AttributeSensitive:
        print("sensitive")
"""
    asked = subprocess.run(  # noqa: S603  # the program above
        [sys.executable, "-c", program, str(LIBRARY), PIN, in_token[0]],
        env=at_token.environment,
        capture_output=True,
        check=False,
        text=True,
    )

    assert asked.stdout == "sensitive\n", asked.stderr


def test_file_and_token_give_signatures_of_one_kind_that_repeat(at_token: TokenOffice) -> None:
    program = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from verify_service.key_directory import KeyDirectory
from verify_service.private_keys import PrivateKeys
from verify_service.settings import load_settings
settings = load_settings(os.environ)
keys = PrivateKeys(KeyDirectory(settings), settings.token)
for key_id in sys.argv[1:]:
    signer = keys.signer(key_id)
    with ThreadPoolExecutor(8) as threads:
        signatures = set(threads.map(signer.sign, [b"the same"] * 40))
    assert signer.key_id == key_id and len(signatures) == 1, len(signatures)
    Ed25519PublicKey.from_public_bytes(signer.public_key).verify(signatures.pop(), b"the same")
print("all")
"""
    asked = subprocess.run(  # noqa: S603  # the program above
        [sys.executable, "-c", program, *at_token.places()],
        env=at_token.environment,
        capture_output=True,
        check=False,
        text=True,
    )

    assert asked.stdout == "all\n", asked.stderr


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"PKCS11_PIN": "000000"}, 2, "PKCS11_PIN"),
        ({"PKCS11_MODULE": "/usr/lib/none.so"}, 2, "PKCS11_MODULE"),
        ({"PKCS11_PIN": ""}, 2, "PKCS11_PIN is not set"),
    ],
)
def test_a_token_that_is_not_opened_is_named(
    at_token: TokenOffice, changed: dict[str, str], code: int, said: str
) -> None:
    refused = at_token.run("keys", "rotate", "credential", **changed)

    assert (refused.code, said in refused.err) == (code, True), refused.err
    assert PIN not in refused.err
    assert "Traceback" not in refused.err


def test_what_was_recorded_while_the_token_was_away_is_signed_when_it_is_back(
    at_token: TokenOffice, token_folder: Path
) -> None:
    office = at_token.office
    office.enrol_passed(trainees(2))
    away = token_folder.rename(token_folder.with_name("away"))
    without = at_token.run("certificates", "issue", "--cohort", "C1", "--json")
    away.rename(token_folder)

    issued = at_token.run("certificates", "issue", "--cohort", "C1", "--json")

    assert without.code != 0
    assert "Traceback" not in without.err
    assert issued.code == 0
    assert len(office.list()) == 2
    assert msgspec.json.decode(issued.out)
