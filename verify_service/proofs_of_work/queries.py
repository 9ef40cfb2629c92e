"""SQL that spends a proof of work, under the role of the public process."""

from typing import Final

from verify_service.database import Connection
from verify_service.proofs_of_work.model import Proof

SPEND_PROOF: Final = "select spend_proof_of_work($1, $2)"


async def spend_proof(connection: Connection, proof: Proof) -> bool:
    """Return whether the proof was still to be had; it never is again."""
    return bool(await connection.fetchval(SPEND_PROOF, proof.name, proof.expires_at))
