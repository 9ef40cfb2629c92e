"""The few lines of `ops/webhooks.md` that check a delivery believe ours and no other, in both languages."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from verify_service.webhooks.rules.signatures import format_message_id, format_secret, new_secret, signed_headers

TEXT = (Path(__file__).parents[2] / "ops" / "webhooks.md").read_text(encoding="utf-8")
SECRET = new_secret()
BODY = b'{"type":"certificate.revoked"}'
Judge = Callable[[str, dict[str, str], bytes], bool]


def snippet(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def ask_python(secret: str, headers: dict[str, str], body: bytes) -> bool:
    names: dict[str, Any] = {}
    exec(snippet("python"), names)  # noqa: S102  # our own documentation
    return bool(names["is_genuine"](secret, headers, body))


def ask_javascript(secret: str, headers: dict[str, str], body: bytes) -> bool:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    given = json.dumps([secret, headers, body.hex()])
    call = f'const [s, h, b] = {given}; console.log(isGenuine(s, h, Buffer.from(b, "hex")));'
    ran = subprocess.run(  # noqa: S603  # Node, on our own documentation
        [node, "--input-type=module"], input=snippet("js") + call, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip() == "true"


@pytest.mark.parametrize("ask", [ask_python, ask_javascript])
def test_a_delivery_is_believed_and_a_changed_old_or_foreign_one_is_not(ask: Judge) -> None:
    now = datetime.now(UTC)
    headers = signed_headers(SECRET, format_message_id(uuid4()), now, BODY)
    long_ago = signed_headers(SECRET, "msg_1", datetime.fromtimestamp(time.time() - 301, UTC), BODY)
    to_come = signed_headers(SECRET, "msg_1", datetime.fromtimestamp(time.time() + 400, UTC), BODY)
    secret = format_secret(SECRET)

    assert ask(secret, headers, BODY)
    assert ask(secret, {**headers, "webhook-signature": f"v1a,xyz {headers['webhook-signature']}"}, BODY)
    for wrong in (
        (secret, headers, BODY.replace(b"revoked", b"revokes")),
        (secret, {**headers, "webhook-id": "msg_2"}, BODY),
        (secret, {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, BODY),
        (secret, {**headers, "webhook-timestamp": "now"}, BODY),
        (secret, {**headers, "webhook-signature": headers["webhook-signature"][:-2]}, BODY),
        (secret, {**headers, "webhook-signature": "签"}, BODY),
        (secret, long_ago, BODY),
        (secret, to_come, BODY),
        (format_secret(new_secret()), headers, BODY),
    ):
        assert not ask(*wrong)
