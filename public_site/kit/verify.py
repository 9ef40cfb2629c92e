"""Verifies a certificate without asking anybody: its record, its QR code's text or a status list, by public keys alone.

For Python 3.9 and later with the package `cryptography`. FORMAT.md, beside this file, says what is signed, in bytes.

    python verify.py [--keys DIR] [--status FILE]... [--url ORIGIN]... FILE_OR_TEXT

DIR holds did.json and jwks.json from the issuer's site. FILE_OR_TEXT: a record, a status list or a QR code's text in a
file, such a text itself, or - for standard input. Without status lists revocation is not checked; the answer says so.
Prints one JSON object. Exit: 0 valid, 1 invalid, 2 wrong usage, 3 revoked or superseded, 4 unverifiable.
"""
# ruff: noqa: INP001, ANN001, ANN201, ANN204, D102, D103, UP017  # one file to be read and copied, for old Pythons too

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ORIGIN = r"https://[a-z0-9.-]+(?::[1-9][0-9]{0,4})?|http://(?:127\.0\.0\.1|localhost)(?::[1-9][0-9]{0,4})?"
LOOPBACK = r"(127\.0\.0\.1|localhost)(:|$)"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SUITE = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}
ENTRIES, MAX_BYTES = 131072, 65536  # of one status list; of what is read at all
CHINA = timezone(timedelta(hours=8))
REFUSALS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError, InvalidSignature)


def need(holds, code="MALFORMED"):
    if not holds:
        raise InvalidSignature(code)  # not what the issuer signed
    return holds


def match(pattern, text, code="MALFORMED"):
    return need(re.fullmatch(pattern, text, re.ASCII), code).groups()


def instant(text):
    return datetime.fromisoformat(match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z", text)[0] + "+00:00")


def base64url(text):
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text)  # one spelling only
    return data


def base58(text, length):
    (digits,) = match("z([1-9A-HJ-NP-Za-km-z]{1,100})", text)
    data = sum(BASE58.index(digit) * 58**place for place, digit in enumerate(digits[::-1])).to_bytes(length, "big")
    need(len(data) - len(data.lstrip(b"\0")) == len(digits) - len(digits.lstrip("1")))
    return data


def canonical(value):  # RFC 8785; what is signed has no numbers, and member names in ASCII
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def cbor_items(data):  # deterministic CBOR (RFC 8949 §4.2.1), arrays and maps opened; strings as bytes
    at = 0
    while at < len(data):
        major, value, at = data[at] >> 5, data[at] & 31, at + 1
        if value >= 24:
            wide = 2 ** (value - 24)
            value, at = int.from_bytes(data[at : at + wide], "big"), at + wide
            need(value >= (24 if wide == 1 else 256 ** (wide // 2)))  # the shortest spelling only
        yield data[at : at + value] if major in (2, 3) else value
        at += value if major in (2, 3) else 0


class Verifier:
    """Believes one issuer. A key signs one format: `c` records and `s` lists (did.json), `q` QR codes (jwks.json)."""

    def __init__(self, did_json, jwks_json, further_origins=()):
        document = json.loads(did_json)
        self.did = document["id"]
        host = match(r"did:web:([a-z0-9.-]+(?:%3A\d+)?)", self.did)[0].replace("%3A", ":")
        self.origins = [f"{'http' if re.match(LOOPBACK, host) else 'https'}://{host}", *further_origins]
        trusted = [method for method in document["verificationMethod"] if method["id"] in document["assertionMethod"]]
        self.assertion = {method["id"]: base58(method["publicKeyMultibase"], 34)[2:] for method in trusted}
        qr = [key for key in json.loads(jwks_json)["keys"] if re.fullmatch(r"\d{4}-q\d{1,4}", key["kid"])]
        self.qr = {key["coseKid"]: base64url(key["x"]) for key in qr}

    def judge(self, artefact, list_texts=(), now=None):
        """Return {outcome, checks, certificate} for the bytes of one artefact; never raise, nor ask the register."""
        try:
            text = need(len(artefact) <= MAX_BYTES) and artefact.decode()
            verify_json = self.status_list if '"BitstringStatusListCredential"' in text else self.record
            found = verify_json(text) if text.startswith("{") else self.qr_text(text.strip())
        except REFUSALS as error:
            detail = (*error.args, "SIGNATURE_BROKEN")[0] if isinstance(error, InvalidSignature) else "MALFORMED"
            checks = [{"check": "signature", "outcome": "fail", "detail": detail}]
            return {"outcome": "invalid", "checks": checks, "certificate": None}
        try:
            status = self.status(found, list_texts, now or datetime.now(timezone.utc))
        except REFUSALS:
            status = ("error", "STATUS_LIST_INVALID")
        word = {"fail": status[1].lower(), "error": "unverifiable"}.get(status[0], "valid")
        made = {"signature": ("pass", "SIGNED_BY_ISSUER"), "status": status, "registry": ("skipped", "NOT_ASKED")}
        checks = [{"check": check, "outcome": one[0], "detail": one[1]} for check, one in made.items()]
        return {"outcome": word, "checks": checks, "certificate": found.get("certificate")}

    def document(self, text, letter):
        """W3C Data Integrity, eddsa-jcs-2022: one proof of exactly these members, by a key of the wanted letter."""
        document = json.loads(text)
        need(canonical(document) == text.encode())  # white space, doubled members, other escapes
        options = document.pop("proof")
        proof_value, created, method = options.pop("proofValue"), options["created"], options["verificationMethod"]
        did, key_id = match("([^#]+)#([^#]+)", method)
        need(did == self.did, "NOT_OUR_SIGNATURE")
        match(rf"\d{{4}}-{letter}\d{{1,4}}", key_id, "NOT_OUR_SIGNATURE")
        wanted = {"@context": document["@context"], **SUITE, "created": created, "verificationMethod": method}
        need(instant(created) and canonical(options) == canonical(wanted))
        data = b"".join(hashlib.sha256(canonical(part)).digest() for part in (options, document))
        key = Ed25519PublicKey.from_public_bytes(need(self.assertion.get(method), "NOT_OUR_SIGNATURE"))
        key.verify(base58(proof_value, 64), data)
        return document

    def record(self, text):
        document = self.document(text, "c")
        (origin,) = match(rf"({ORIGIN})/v/[{CROCKFORD}]{{16}}/record\.json", document["id"])
        issuer, subject, status = document["issuer"], document["credentialSubject"], document["credentialStatus"]
        need(origin in self.origins and issuer["id"] == self.did, "OTHER_SITE")
        place = match(rf"{re.escape(origin)}/status/revocation/(\d{{1,9}})#(\d{{1,6}})", status[0]["id"])
        name, sex = (one["identityHash"] for one in subject["identifier"][:2])
        said = {"title": document["name"], "number": subject["licenseNumber"], "name": name, "sex": sex}
        issued_on = instant(document["validFrom"]).astimezone(CHINA).date().isoformat()
        certificate = {**said, "issuedOn": issued_on, "issuer": issuer["name"]}
        return {"certificate": certificate, "list": int(place[0]), "position": int(place[1])}

    def qr_text(self, text):
        origin, token, fragment = match(rf"({ORIGIN})/v/([{CROCKFORD}]{{16}})#([\w-]{{1,1000}})", text)
        need(origin in self.origins, "OTHER_SITE")
        cose = match("d28447a201270442(.{4})a0(5[89].*)5840(.{128})", base64url(fragment).hex())
        kid, payload, signature = map(bytes.fromhex, cose)  # the payload with its head, as both are signed
        data = bytes.fromhex("846a5369676e61747572653147a201270442") + kid + b"\x40" + payload
        key = Ed25519PublicKey.from_public_bytes(need(self.qr.get(int.from_bytes(kid, "big")), "NOT_OUR_SIGNATURE"))
        key.verify(signature, data)
        size, six, issued_at, seven, cti, own, four, kind, name, number, index = cbor_items(next(cbor_items(payload)))
        need((size, six, seven, own, four) == (3, 6, 7, 65536, 4) and kind > 0)
        bits = f"{int.from_bytes(cti, 'big'):080b}"
        need("".join(CROCKFORD[int(bits[at : at + 5], 2)] for at in range(0, 80, 5)) == token, "OTHER_ADDRESS")
        issued_on = datetime.fromtimestamp(issued_at, CHINA).date().isoformat()
        certificate = {"number": number.decode(), "name": name.decode(), "issuedOn": issued_on}
        return {"certificate": certificate, "list": index // ENTRIES, "position": index % ENTRIES}

    def status_list(self, text):
        document = self.document(text, "s")
        origin, purpose, number = match(rf"({ORIGIN})/status/(revocation|refresh)/(\d{{1,9}})", document["id"])
        subject, valid_until = document["credentialSubject"], instant(document["validUntil"])
        need(origin in self.origins and document["issuer"] == self.did, "OTHER_SITE")
        gzip = zlib.decompressobj(wbits=31)
        bits = gzip.decompress(base64url(match(r"u([\w-]+)", subject["encodedList"])[0]), ENTRIES // 8 + 1)
        need(subject["statusPurpose"] == purpose and gzip.eof and len(bits) * 8 == ENTRIES)
        return {"purpose": purpose, "list": int(number), "validUntil": valid_until, "bits": bits}

    def status(self, found, list_texts, now):
        """Superseded certificates are in both lists, revoked ones in `revocation` alone. The latest lists count."""
        lists = sorted((self.status_list(text) for text in list_texts), key=lambda one: one["validUntil"])
        latest = {one["purpose"]: one for one in lists if one["list"] == found["list"]}
        if "bits" not in found and len(latest) < 2:
            return ("error", "STATUS_LIST_MISSING") if lists else ("skipped", "NOT_ASKED")
        if min(one["validUntil"] for one in ([found] if "bits" in found else latest.values())) < now:
            return "error", "STATUS_LIST_STALE"
        at, bit = divmod(found.get("position", -1), 8)
        standing = [purpose for purpose, one in latest.items() if at >= 0 and one["bits"][at] << bit & 128]
        return ("fail", "SUPERSEDED" if "refresh" in standing else "REVOKED") if standing else ("pass", "VALID")


def main():
    parser = argparse.ArgumentParser(description="Verifies a certificate by the public keys of its issuer alone.")
    parser.add_argument("--keys", default=".", metavar="DIR")
    parser.add_argument("--status", default=[], action="append", metavar="FILE")
    parser.add_argument("--url", default=[], action="append", metavar="ORIGIN", help="another, if it has moved")
    parser.add_argument("artefact", metavar="FILE_OR_TEXT")
    given = parser.parse_args()
    try:
        did_json, jwks_json = (Path(given.keys, name).read_text("utf-8") for name in ("did.json", "jwks.json"))
        verifier = Verifier(did_json, jwks_json, given.url)
        lists = [Path(file).read_text("utf-8") for file in given.status]
        read = sys.stdin.buffer.read if given.artefact == "-" else Path(given.artefact).read_bytes
        artefact = given.artefact.encode() if re.match("https?://", given.artefact) else read()
    except (OSError, *REFUSALS) as error:
        parser.error(f"cannot be read: {error}")
    verdict = verifier.judge(artefact, lists)
    sys.stdout.buffer.write(json.dumps(verdict, ensure_ascii=False, indent=2).encode() + b"\n")
    return {"valid": 0, "invalid": 1, "revoked": 3, "superseded": 3, "unverifiable": 4}[verdict["outcome"]]


if __name__ == "__main__":
    sys.exit(main())
