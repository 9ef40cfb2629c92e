"""Signing keys in a PKCS#11 token: made there, used there, and never seen by this process.

A key's label is its key id. One session is kept open; calls take turns, for a session does one thing at a time.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import pkcs11
from asn1crypto.core import PrintableString  # type: ignore[import-untyped]  # asn1crypto ships no types
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11 import exceptions as refusals

from signing import KeyId
from verify_service.errors import UnavailableError, UsageError
from verify_service.settings import PREFIX, TokenSettings

Done = TypeVar("Done")

EDWARDS25519: Final = PrintableString("edwards25519").dump()
"""CKA_EC_PARAMS, PKCS #11 v3.0 §2.3.5; SoftHSM2 takes the curve by this name and by its OID."""
RAW_KEY_BYTES: Final = 32
OCTET_STRING: Final = b"\x04\x20"
"""Tag and length of 32 bytes in DER."""
_WRONG_PIN: Final = (
    refusals.PinIncorrect,
    refusals.PinInvalid,
    refusals.PinLenRange,
    refusals.PinLocked,
    refusals.PinExpired,
    refusals.UserPinNotInitialized,
)


class TokenSigner:
    """A signer whose private key stays in the token."""

    def __init__(self, token: "Pkcs11Token", key_id: KeyId, public_key: bytes) -> None:
        self.key_id = key_id
        self.public_key = public_key
        self._token = token

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature; raise `UnavailableError` while the token is not there."""
        return self._token.sign(self.key_id, data)


class Pkcs11Token:
    """One token, opened at its first use and again after it was away."""

    def __init__(self, settings: TokenSettings) -> None:
        self._settings = settings
        self._session: Any = None
        self._turn = threading.Lock()

    def holds(self, key_id: str) -> bool:
        """Tell whether the token has a private key of this id."""
        return self._do(lambda session: any(_objects(session, key_id, ObjectClass.PRIVATE_KEY)))

    def make(self, key_id: str) -> bytes:
        """Make a key pair that cannot leave the token; return the raw 32 bytes of its public half."""

        def generate(session: Any) -> bytes:  # noqa: ANN401  # python-pkcs11 ships no types
            curve = session.create_domain_parameters(
                KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: EDWARDS25519}, local=True
            )
            public, _ = curve.generate_keypair(
                mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
                store=True,
                label=key_id,
                id=key_id.encode(),
                private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
            )
            return _raw(public)

        return self._do(generate)

    def signer(self, key_id: str) -> TokenSigner:
        """Return the signer of a key id; raise `UsageError` if the token has no such key."""
        public = self._do(lambda session: _raw(_only(session, key_id, ObjectClass.PUBLIC_KEY)))
        return TokenSigner(self, KeyId(key_id), public)

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Return the Ed25519 signature of `data`, which goes to the token whole: it is not hashed before."""

        def make_signature(session: Any) -> bytes:  # noqa: ANN401  # as above
            key = _only(session, key_id, ObjectClass.PRIVATE_KEY)
            return bytes(key.sign(data, mechanism=Mechanism.EDDSA))

        return self._do(make_signature)

    def _do(self, work: Callable[[Any], Done]) -> Done:
        with self._turn, self._refusing():
            if self._session is None:
                self._session = self._open()
            return work(self._session)

    def _open(self) -> Any:  # noqa: ANN401  # as above
        module = str(self._settings.module)
        try:
            library = pkcs11.lib(module)
        except (RuntimeError, OSError, refusals.PKCS11Error):
            raise UsageError("BAD_SETTING", f"{PREFIX}PKCS11_MODULE is no PKCS#11 library that can be loaded") from None
        return library.get_token(token_label=self._settings.label).open(rw=True, user_pin=self._settings.pin)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except _WRONG_PIN as error:
            raise UsageError("KEY_LOCKED", f"the token refuses {PREFIX}PKCS11_PIN: {type(error).__name__}") from None
        except refusals.PKCS11Error as error:
            # Taken away, reset, or out of sessions: the next call opens it anew.
            self._session = None
            label = self._settings.label
            raise UnavailableError(
                "TOKEN_UNAVAILABLE", f"the token {label} cannot be used: {type(error).__name__}"
            ) from None


def _objects(session: Any, key_id: str, kind: ObjectClass) -> Iterator[Any]:  # noqa: ANN401  # as above
    yield from session.get_objects({Attribute.CLASS: kind, Attribute.LABEL: key_id})


def _only(session: Any, key_id: str, kind: ObjectClass) -> Any:  # noqa: ANN401  # as above
    found = list(_objects(session, key_id, kind))
    if len(found) != 1:
        raise UsageError("KEY_MISSING", f"the token has {len(found) or 'no'} keys {key_id}, where there must be one")
    return found[0]


def _raw(public: Any) -> bytes:  # noqa: ANN401  # as above
    """Return the point: bare, or in the OCTET STRING that PKCS #11 v3.0 §2.3.5 puts around it."""
    point = bytes(public[Attribute.EC_POINT])
    if len(point) == len(OCTET_STRING) + RAW_KEY_BYTES and point.startswith(OCTET_STRING):
        return point[len(OCTET_STRING) :]
    if len(point) == RAW_KEY_BYTES:
        return point
    raise UsageError("KEY_BROKEN", "a public key in the token is not a point of edwards25519")
