"""What a signer does when it is asked, in this process or in one of its own."""

from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.key_directory import KeyDirectory
from verify_service.settings import Settings
from verify_service.signer.model import Done, PublishStatus, Question, Ready, SealTrail, SignPending
from verify_service.signer.service.badges import BadgeBacklog
from verify_service.signer.service.signatory import Signers, open_signatory, require_ready, status_signer
from verify_service.signer.service.signing import FIRST, sign_pending
from verify_service.status_lists.service import publish
from verify_service.trail.service.keeping import head_folder
from verify_service.trail.service.sealing import seal_trail


class Bench(msgspec.Struct, frozen=True):
    """Where signing is done: under these settings, with the keys of this folder."""

    settings: Settings
    directory: KeyDirectory
    signers: Signers
    backlog: BadgeBacklog = msgspec.field(default_factory=BadgeBacklog)


async def answer(connection: Connection, bench: Bench, question: Question, after: UUID = FIRST) -> Done:
    """Do what is asked under the signer's role; with `after`, look only at credentials whose id follows it."""
    signatory = await open_signatory(connection, bench.settings, bench.directory, bench.signers)
    match question:
        case Ready(key_ids):
            await require_ready(connection, bench.signers, key_ids)
            return Done()
        case SignPending():
            signing = await sign_pending(connection, signatory, after)
            await bench.backlog.sign_page(connection, signatory)
            return Done(signing=signing)
        case PublishStatus():
            signer = await status_signer(connection, bench.signers)
            did = signatory.origin.did
            return Done(published=await publish(connection, signer, did, signatory.public_url))
        case SealTrail():
            return Done(sealed=await seal_trail(connection, bench.signers.signer, head_folder(bench.settings)))
