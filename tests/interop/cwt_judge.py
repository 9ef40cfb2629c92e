"""QR codes, judged by `cwt`: reads {"keys": [JWK …], "signed": [base64url …]}, writes an answer for each.

It runs in an environment of its own and knows nothing of ours, not even how to decode base64url.
"""

import base64
import json
import sys
from typing import Any

import cwt  # type: ignore[import-not-found]  # only .venv-cwt has it


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def cose_key(jwk: dict[str, Any]) -> Any:  # noqa: ANN401  # cwt is untyped here
    """Return the key as RFC 9052 §7 has it: kty OKP, kid, alg EdDSA, crv Ed25519, x."""
    kid = jwk["coseKid"].to_bytes(2, "big")
    return cwt.COSEKey.new({1: 1, 2: kid, 3: -8, -1: 6, -2: bytes_of(jwk["x"])})


def judge(signed: str, keys: list[Any]) -> dict[str, Any]:
    try:
        cwt.decode(bytes_of(signed), keys)  # as a CBOR Web Token, claims and all
        payload = cwt.COSE.new().decode(bytes_of(signed), keys)
    except (cwt.CWTError, ValueError) as error:
        return {"accepted": False, "reason": type(error).__name__}
    return {"accepted": True, "payload": text_of(payload)}


def main() -> None:
    question = json.load(sys.stdin)
    keys = [cose_key(jwk) for jwk in question["keys"]]
    json.dump([judge(signed, keys) for signed in question["signed"]], sys.stdout)


main()
