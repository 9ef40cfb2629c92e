"""What working on jobs needs besides the connection."""

import msgspec

from verify_service.audit.model import Actor
from verify_service.credentials.service.desk import Desk, PendingSigner, open_desk
from verify_service.database import Connection
from verify_service.documents.service.drawing import Studio, open_studio
from verify_service.institution import Institution, load_institution
from verify_service.jobs.model import Job
from verify_service.key_directory import KeyDirectory
from verify_service.name_faces import load_name_faces
from verify_service.private_keys import PrivateKeys
from verify_service.settings import Settings
from verify_service.signer.service.answering import Bench
from verify_service.signer.service.asking import NearestSigner


class Workshop(msgspec.Struct, frozen=True):
    """The tools of one worker; keys and texts are read when a stage begins, so that a change of them is seen."""

    settings: Settings
    directory: KeyDirectory
    signing: PendingSigner
    institution: Institution

    async def desk(self, connection: Connection, actor: Actor) -> Desk:
        """Return what issuing needs; refuse where issuer, keys or signer are missing."""
        return await open_desk(
            connection,
            self.settings,
            secrets=self.directory.require_secrets(),
            signing=self.signing,
            actor=actor,
            institution=self.institution,
            missing_characters=load_name_faces(self.settings).missing,
        )

    async def studio(self, connection: Connection, actor: Actor) -> Studio:
        """Return what drawing needs; refuse without the key that signs PDFs."""
        secrets = self.directory.require_secrets()
        return await open_studio(connection, secrets, self.directory, actor, self.settings)


def open_workshop(settings: Settings, signer_url: str) -> Workshop:
    """Return the tools of these settings: what is signed is signed by the signer that listens, or with keys here."""
    directory = KeyDirectory(settings)
    bench = Bench(settings, directory, PrivateKeys(directory, settings.token))
    return Workshop(settings, directory, NearestSigner(bench, signer_url), load_institution(settings))


def actor_of(job: Job) -> Actor:
    """Return the two people whose hands a job is: who proposed it and who approved."""
    return Actor(job.proposer, job.decider)
