"""The two verifiers of the kit, each asked about many artefacts at once and without a network."""

import base64
import datetime
import importlib.util
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import msgspec
import pytest

from verify_service.translations import PUBLIC_SITE

KIT: Final = PUBLIC_SITE / "kit"
PROGRAMS: Final = ("verify.mjs", "verify.py")
JUDGE_ALL: Final = Path(__file__).parent / "judge_all.mjs"


class Keys(msgspec.Struct, frozen=True):
    """What a verifier believes: both files, and addresses beyond the DID's own."""

    did: str
    jwks: str
    origins: tuple[str, ...] = ()


class Job(msgspec.Struct, frozen=True):
    """One artefact to be judged at an instant with some status lists."""

    artefact: bytes
    lists: tuple[str, ...] = ()
    now: datetime.datetime = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def judge_all(program: str, keys: Keys, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return the verdict on each job."""
    return _ask_node(keys, jobs) if program.endswith(".mjs") else _ask_python(keys, jobs)


def command_of(program: str) -> list[str]:
    """Return the command line by which a person starts a program; skip where Node is missing."""
    if not program.endswith(".mjs"):
        return [sys.executable, str(KIT / program)]
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    return [node, "--no-warnings", str(KIT / program)]


def _ask_node(keys: Keys, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    node = command_of("verify.mjs")[:-1]
    asked = [
        {"artefact": base64.b64encode(job.artefact).decode(), "lists": job.lists, "now": job.now.isoformat()}
        for job in jobs
    ]
    whole = {"program": str(KIT / "verify.mjs"), "keys": msgspec.to_builtins(keys), "jobs": asked}
    ran = subprocess.run(  # noqa: S603  # a program of ours
        [*node, JUDGE_ALL], input=json.dumps(whole).encode(), capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    verdicts: list[dict[str, Any]] = json.loads(ran.stdout)
    return verdicts


def _ask_python(keys: Keys, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    spec = importlib.util.spec_from_file_location("kit_verify", KIT / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    verifier = program.Verifier(keys.did, keys.jwks, keys.origins)
    with patch.object(socket, "socket", side_effect=AssertionError("the network was used")):
        return [verifier.judge(job.artefact, job.lists, job.now) for job in jobs]
