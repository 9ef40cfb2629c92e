"""Reading what the web process trusts: from the register and from `KEY_DIR`, anew only when one of them changed."""

import itertools
from collections.abc import Mapping
from typing import Final

from signing import KeyId, KeyPurpose
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries
from verify_service.keys import service as keys
from verify_service.keys.model import KeyState, SecretState, SigningKeyRow
from verify_service.keys.rules import usable
from verify_service.keys.service.listing import compromised_keys
from verify_service.keys.service.reading import document_keys, public_keys, receipt_keys
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.settings import Settings
from verify_service.trust import ReceiptKey, Trust

HELD: Final = "held"
WEB_PURPOSES: Final = (SecretPurpose.FIELD, SecretPurpose.INDEX, SecretPurpose.BUDGET)


class TrustReader:
    """Reads with the rights of the web process: no private key but that of receipts, no subject secret."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._directory = KeyDirectory(settings)

    async def read(self, connection: Connection, known: Trust | None = None) -> Trust:
        """Return what counts now: `known` itself, after one cheap query, where nothing has changed since.

        Refuses secrets that are not the register's. A secret that is in use elsewhere and not yet here is done without:
        what is stored under the one before stands until that is retired.
        """
        held = frozenset((key_id, HELD) for key_id in self._directory.unencrypted_ids())
        revision = await queries.list_states(connection) | held
        if known is not None and known.revision == revision:
            return known
        issuer = await keys.require_issuer(connection, self._settings)
        rows = await queries.list_signing_keys(connection)
        held_of = {purpose: self._directory.secrets(purpose) for purpose in WEB_PURPOSES}
        states = await keys.require_genuine_secrets(connection, itertools.chain(*held_of.values()))
        secrets = {purpose: _require(of_purpose, states, purpose) for purpose, of_purpose in held_of.items()}
        return Trust(
            did=issuer.did,
            keys=public_keys(rows),
            field_secrets=secrets[SecretPurpose.FIELD],
            index_secret=secrets[SecretPurpose.INDEX][0],
            budget_secret=secrets[SecretPurpose.BUDGET][0],
            compromised=frozenset(map(KeyId, compromised_keys(rows))),
            document_keys=document_keys(rows),
            receipt_keys=receipt_keys(rows),
            receipt_signing=self._receipt_signing(rows),
            revision=revision,
        )

    def _receipt_signing(self, rows: list[SigningKeyRow]) -> tuple[ReceiptKey, ...]:
        """Return the keys of receipts that this machine has; without one, the site answers and gives no receipts."""
        states = {KeyState.ACTIVE: 0, KeyState.ROTATED: 1}
        usable = [row for row in rows if row.purpose == KeyPurpose.RECEIPT and row.state in states]
        return tuple(
            ReceiptKey(
                KeyId(row.key_id), self._directory.receipt_key(row.key_id), self._directory.certificates(row.key_id)
            )
            for row in sorted(usable, key=lambda row: states[row.state])
            if self._directory.has_private_key(row.key_id)
        )


def _require(
    held: tuple[SecretKey, ...], states: Mapping[str, SecretState], purpose: SecretPurpose
) -> tuple[SecretKey, ...]:
    found = usable(held, states)
    if not found:
        raise UsageError("KEY_MISSING", f"KEY_DIR has no {purpose} secret in use: run `verify-service keys init`")
    return found
