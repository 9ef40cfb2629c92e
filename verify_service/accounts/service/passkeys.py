"""Passkeys (WebAuthn Level 2): added by whoever is signed in, and enough by themselves to sign in or prove it again.

They verify their user (PIN or finger), so one is two factors. Judged by py_webauthn.
"""

import datetime
import secrets
from typing import Final
from urllib.parse import urlsplit

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from verify_service.accounts.model import Account, Client, NewSession, Passkey
from verify_service.accounts.queries import accounts, factors
from verify_service.accounts.service import sessions
from verify_service.accounts.service.signing_in import NotSignedInError
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import ConflictError

CHALLENGE_BYTES: Final = 32
VALID_FOR: Final = datetime.timedelta(minutes=5)
MAX_RESPONSE_CHARACTERS: Final = 16_384
MAX_LABEL_CHARACTERS: Final = 40

_REFUSED: Final = (WebAuthnException, ValueError, KeyError, TypeError)
"""What the library, and the decoding under it, raise on answers that are none."""


class _ClientData(msgspec.Struct):
    challenge: str


class _Response(msgspec.Struct):
    client_data_json: str = msgspec.field(name="clientDataJSON")


class _Answer(msgspec.Struct):
    """What of an authenticator's answer is needed before it can be judged."""

    raw_id: str = msgspec.field(name="rawId")
    response: _Response


async def registration_options(connection: Connection, account: Account, public_url: str) -> str:
    """Return the options, as JSON, for making a passkey of an account."""
    challenge = await _new_challenge(connection, account)
    known = await factors.list_passkeys(connection, account.account_id)
    options = webauthn.generate_registration_options(
        rp_id=relying_party(public_url),
        rp_name="verify-service",
        user_id=account.account_id.bytes,
        user_name=account.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.passkey_id) for passkey in known],
    )
    return webauthn.options_to_json(options)


async def register(
    connection: Connection, actor: Actor, account: Account, public_url: str, *, answer: str, label: str
) -> None:
    """Add the passkey an authenticator has made; raise NotSignedInError for an answer that is none."""
    # Whatever comes of it, the challenge is spent: it is taken before the transaction that judges the answer.
    challenge = await _take_challenge(connection, answer, account)
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=relying_party(public_url),
            expected_origin=public_url,
            require_user_verification=True,
        )
    except _REFUSED:
        raise _refused() from None
    async with connection.transaction():
        added = await factors.add_passkey(
            connection,
            passkey_id=verified.credential_id,
            account_id=account.account_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            label=label.strip()[:MAX_LABEL_CHARACTERS],
        )
        if not added:
            raise ConflictError("PASSKEY_KNOWN", "this passkey is registered already")
        event = AuditEvent("passkey_added", "account", str(account.account_id), {"name": account.name})
        await record(connection, actor, event)


async def remove(connection: Connection, actor: Actor, account: Account, passkey_id: bytes) -> None:
    """Take a passkey of an account away; nothing happens where it has none such."""
    async with connection.transaction():
        if await factors.delete_passkey(connection, account.account_id, passkey_id):
            event = AuditEvent("passkey_removed", "account", str(account.account_id), {"name": account.name})
            await record(connection, actor, event)


async def authentication_options(connection: Connection, account: Account | None, public_url: str) -> str:
    """Return the options, as JSON, for signing in (`account` None: whoever has a passkey) or for proving it again."""
    challenge = await _new_challenge(connection, account)
    known = [] if account is None else await factors.list_passkeys(connection, account.account_id)
    options = webauthn.generate_authentication_options(
        rp_id=relying_party(public_url),
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=passkey.passkey_id) for passkey in known],
    )
    return webauthn.options_to_json(options)


async def sign_in(connection: Connection, public_url: str, client: Client, answer: str) -> NewSession:
    """Begin a session for whoever holds a passkey; raise NotSignedInError for an answer that proves nothing."""
    challenge = await _take_challenge(connection, answer, None)
    async with connection.transaction():
        passkey = await _judge(connection, public_url, answer, challenge)
        account = await accounts.find_by_id(connection, passkey.account_id)
        if account is None:
            raise _refused()
        return await sessions.begin(connection, account, client, "passkey")


async def prove_again(connection: Connection, public_url: str, account: Account, answer: str) -> None:
    """Return where somebody who is signed in holds one of their passkeys; else raise NotSignedInError."""
    challenge = await _take_challenge(connection, answer, account)
    async with connection.transaction():
        passkey = await _judge(connection, public_url, answer, challenge)
        if passkey.account_id != account.account_id:
            raise _refused()


def relying_party(public_url: str) -> str:
    """Return the domain that passkeys are bound to: that of the public URL."""
    return urlsplit(public_url).hostname or ""


async def _judge(connection: Connection, public_url: str, answer: str, challenge: bytes) -> Passkey:
    passkey = await factors.find_passkey(connection, _bytes_of(_decode(answer).raw_id))
    if passkey is None:
        raise _refused()
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=relying_party(public_url),
            expected_origin=public_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _REFUSED:
        raise _refused() from None
    await factors.use_passkey(connection, passkey.passkey_id, verified.new_sign_count)
    return passkey


async def _new_challenge(connection: Connection, account: Account | None) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await factors.add_challenge(connection, challenge, None if account is None else account.account_id, VALID_FOR)
    return challenge


async def _take_challenge(connection: Connection, answer: str, account: Account | None) -> bytes:
    """Return the challenge an answer is to, which is spent now; refuse one that was not set for this account."""
    client_data = _bytes_of(_decode(answer).response.client_data_json)
    try:
        challenge = _bytes_of(msgspec.json.decode(client_data, type=_ClientData).challenge)
    except msgspec.DecodeError:
        raise _refused() from None
    if not await factors.take_challenge(connection, challenge, None if account is None else account.account_id):
        raise _refused()
    return challenge


def _decode(answer: str) -> _Answer:
    if len(answer) > MAX_RESPONSE_CHARACTERS:
        raise _refused()
    try:
        return msgspec.json.decode(answer, type=_Answer)
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise _refused() from None


def _bytes_of(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except ValueError:
        raise _refused() from None


def _refused() -> NotSignedInError:
    return NotSignedInError("PASSKEY_REFUSED", "this passkey proves nothing")
