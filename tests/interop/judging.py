"""Asks the judges: programs that others wrote, in processes of their own, many questions at a time."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from signing import TrustedKeys, did_document, encode_base64url, jwks

FOLDER: Final = Path(__file__).parent
CWT_PYTHON: Final = FOLDER.parents[1] / ".venv-cwt" / "bin" / "python"
NODE_JUDGES: Final = FOLDER / "judges.mjs"
ANSWER_SECONDS: Final = 120

JCS: Final = "digitalbazaar eddsa-jcs-2022"
RDFC: Final = "digitalbazaar eddsa-rdfc-2022"
CONSORTIUM: Final = "digitalcredentials eddsa-rdfc-2022"
STATUS: Final = "digitalbazaar status"
COSE: Final = "auth0 cose"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a judge says of one job."""

    accepted: bool
    reason: str = ""
    seconds: float = 0.0
    payload: str | None = None
    """The claims of a QR code as the judge read them, base64url."""
    statuses: dict[str, bool] = {}
    """Of a record whose status was asked for: whether its bit is set, by purpose."""


def in_javascript(
    jobs: Sequence[Mapping[str, Any]],
    did: str,
    keys: TrustedKeys,
    documents: Mapping[str, Any] | None = None,
    *,
    document_of_issuer: bytes | None = None,
) -> list[Answer]:
    """Return an answer for each job; `documents` is all the judges find at an address, beside the keys and contexts."""
    if shutil.which("node") is None or not (FOLDER / "node_modules").is_dir():
        pytest.skip("the judges are not installed: make tools-for-tests")
    published = json.loads(document_of_issuer or did_document(did, keys))
    return _ask(["node", str(NODE_JUDGES)], {"didDocument": published, "documents": documents or {}, "jobs": jobs})


def by_cwt(codes: Sequence[bytes], keys: TrustedKeys) -> list[Answer]:
    """Return an answer for each COSE_Sign1; the keys are those of the JWK set that has `coseKid`."""
    if not CWT_PYTHON.exists():
        pytest.skip("cwt is not installed: make tools-for-tests")
    published = [jwk for jwk in json.loads(jwks(keys))["keys"] if "coseKid" in jwk]
    signed = [encode_base64url(code) for code in codes]
    return _ask([str(CWT_PYTHON), "-I", str(FOLDER / "cwt_judge.py")], {"keys": published, "signed": signed})


def _ask(command: list[str], question: Mapping[str, Any]) -> list[Answer]:
    ended = subprocess.run(  # noqa: S603  # our own scripts
        command, input=json.dumps(question), capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return msgspec.json.decode(ended.stdout, type=list[Answer])
