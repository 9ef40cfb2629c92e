"""`KEY_DIR`: what only its owner may read.

`2026-c1.pem` is encrypted PKCS#8. What ends in `.key` is protected by the mode of its file alone, for processes that
run unattended and without the passphrase: secrets (`field-1.key`), and keys that sign receipts (`2026-r1.key`).
"""

import base64
import binascii
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from signing import (
    DocumentCertificates,
    Ed25519Signer,
    KeyId,
    SigningError,
    open_document_key,
    open_private_key,
    parse_certificates,
    read_document_key,
    write_document_key,
)
from verify_service.errors import UsageError
from verify_service.sealing.model import SecretKey, SecretPurpose, Secrets
from verify_service.settings import PREFIX, Settings

SECRET_BYTES: Final = 32
SECRET_FILE: Final = re.compile(r"^([a-z]+)-([1-9][0-9]*)\.key$")
PASSPHRASE_FILE: Final = "passphrase"  # noqa: S105  # a file name


class KeyDirectory:
    """Reads and adds key files; never overwrites or deletes one."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.key_dir
        self._passphrase = settings.key_passphrase

    def prepare(self) -> str | None:
        """Make the folder (0700) and, where no passphrase is set, a random one; return what to tell the operator."""
        with self._refusing_os_errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._require_private()
        file = self.path / PASSPHRASE_FILE
        if self._passphrase is not None or file.exists():
            return None
        if any(self.path.glob("*.pem")):
            # Forgotten in the environment: a second passphrase would seal the next key apart from those that stand.
            raise UsageError("KEY_MISSING", f"KEY_DIR holds private keys but {PREFIX}KEY_PASSPHRASE is not set")
        self._add(PASSPHRASE_FILE, secrets.token_urlsafe(32).encode())
        return f"a random passphrase was written to {file}: move it to where the keys are not"

    def passphrase(self) -> bytes:
        """Return what opens the private keys; refuse where neither setting nor file is there."""
        if self._passphrase is not None:
            return self._passphrase.encode()
        text = self._read(PASSPHRASE_FILE, f"{PREFIX}KEY_PASSPHRASE is not set and KEY_DIR has no file").strip()
        if not text:
            raise UsageError("KEY_BROKEN", f"{PASSPHRASE_FILE} in KEY_DIR is empty")
        return text

    def signer(self, key_id: str) -> Ed25519Signer:
        """Return the signer of one key id; raise `UsageError` naming a key that is missing or does not open."""
        pem = self._read(f"{key_id}.pem", "run `verify-service keys init`; KEY_DIR lacks the key")
        try:
            return open_private_key(pem, self.passphrase(), KeyId(key_id))
        except SigningError:
            raise UsageError("KEY_LOCKED", f"the key {key_id} in KEY_DIR does not open with the passphrase") from None

    def document_key(self, key_id: str) -> EllipticCurvePrivateKey:
        """Return the key of one id that signs PDFs; raise `UsageError` naming one that is missing or does not open."""
        data = self._read(f"{key_id}.pem", "KEY_DIR lacks")
        try:
            return open_document_key(data, self.passphrase(), KeyId(key_id))
        except SigningError as error:
            raise UsageError("KEY_BROKEN", f"KEY_DIR: {error}") from None

    def receipt_key(self, key_id: str) -> EllipticCurvePrivateKey:
        """Return the key of one id that signs receipts; raise `UsageError` naming one that is missing or damaged."""
        try:
            return read_document_key(self._read(f"{key_id}.key", "KEY_DIR lacks"), KeyId(key_id))
        except SigningError as error:
            raise UsageError("KEY_BROKEN", f"KEY_DIR: {error}") from None

    def add_receipt_key(self, key_id: str, private_key: EllipticCurvePrivateKey) -> None:
        """Write a key that signs receipts, not encrypted: whoever opens it must not hold what opens all others."""
        self._add(f"{key_id}.key", write_document_key(private_key))

    def certificates(self, key_id: str) -> DocumentCertificates:
        """Return the certificate of a key that signs PDFs, with those above it."""
        try:
            return parse_certificates(self._read(f"{key_id}.crt", "KEY_DIR lacks"))
        except SigningError as error:
            raise UsageError("KEY_BROKEN", f"{key_id}.crt in KEY_DIR: {error}") from None

    def add_certificate(self, key_id: str, pem: bytes) -> None:
        """Write the certificate of a key; operations may later put an authority's in its place."""
        self._add(f"{key_id}.crt", pem)

    def add_private_key(self, key_id: str, pem: bytes) -> None:
        """Write one encrypted private key."""
        self._add(f"{key_id}.pem", pem)

    def has_private_key(self, key_id: str) -> bool:
        """Tell whether the file of a key id is there."""
        with self._refusing_os_errors():
            return any((self.path / f"{key_id}{suffix}").exists() for suffix in (".pem", ".key"))

    def secrets(self, purpose: SecretPurpose) -> tuple[SecretKey, ...]:
        """Return every version of a secret, newest first; empty when there is none."""
        with self._refusing_os_errors():
            if not self.path.exists():
                return ()
            names = [file.name for file in self.path.iterdir()]
        self._require_private()
        matches = (SECRET_FILE.match(name) for name in names)
        versions = sorted((int(m[2]) for m in matches if m is not None and m[1] == purpose.value), reverse=True)
        return tuple(self._secret(purpose, version) for version in versions)

    def secret_ids(self) -> frozenset[str]:
        """Return the names of all secrets without reading any; empty where there is no folder."""
        with self._refusing_os_errors():
            names = [file.name for file in self.path.iterdir()] if self.path.exists() else []
        return frozenset(name.removesuffix(".key") for name in names if SECRET_FILE.match(name))

    def unencrypted_ids(self) -> frozenset[str]:
        """Return the names of all secrets and keys of receipts, for whoever notices that one came or went."""
        with self._refusing_os_errors():
            return frozenset(file.stem for file in self.path.glob("*.key"))

    def every_secret(self) -> tuple[SecretKey, ...]:
        """Return every version of the secrets of every purpose."""
        return tuple(secret for purpose in SecretPurpose for secret in self.secrets(purpose))

    def require_secrets(self) -> Secrets:
        """Return what finding and sealing people needs; refuse where there is none of a purpose."""
        found = {purpose: self.secrets(SecretPurpose(purpose)) for purpose in Secrets.__struct_fields__}
        for purpose, keys in found.items():
            if not keys:
                raise UsageError("KEY_MISSING", f"KEY_DIR has no {purpose} secret: run `verify-service keys init`")
        return Secrets(**found)

    def add_secret(self, purpose: SecretPurpose, version: int) -> None:
        """Write a fresh random secret."""
        self._add(f"{purpose.value}-{version}.key", base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)))

    def _secret(self, purpose: SecretPurpose, version: int) -> SecretKey:
        name = f"{purpose.value}-{version}.key"
        try:
            key = base64.urlsafe_b64decode(self._read(name, "KEY_DIR lacks").strip())
        except binascii.Error:
            key = b""
        if len(key) != SECRET_BYTES:
            raise UsageError("KEY_BROKEN", f"{name} in KEY_DIR does not hold 32 bytes of base64url")
        return SecretKey(purpose, version, key)

    def _read(self, name: str, otherwise: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError:
            raise UsageError("KEY_MISSING", f"{otherwise} {name}") from None

    def _add(self, name: str, data: bytes) -> None:
        # Under its name a file is whole or absent: half a passphrase would lock whatever is sealed with it next. The
        # other name is this call's alone, or of two writers the second would cut off what the first just linked.
        unfinished = self.path / f"{name}.{secrets.token_hex(8)}.unfinished"
        with self._refusing_os_errors():
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(data + b"\n" if not data.endswith(b"\n") else data)
                    stream.flush()
                    os.fsync(stream.fileno())
                (self.path / name).hardlink_to(unfinished)  # unlike a rename, refuses a name that is taken
            finally:
                unfinished.unlink()
            self._sync()

    def _sync(self) -> None:
        # The name must survive a power cut as well as the bytes: data sealed under a lost key is lost.
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _require_private(self) -> None:
        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            raise UsageError("KEY_DIR_OPEN", f"{self.path} is open to others: chmod 700 it")

    @contextmanager
    def _refusing_os_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UsageError("KEY_DIR_UNUSABLE", f"KEY_DIR {self.path} cannot be used: {error.strerror}") from None
