"""Issuing and correcting from a console: the desk that `credentials` works at, over a handler's connection."""

from verify_service.audit.model import Actor
from verify_service.consoles.context import ConsoleContext
from verify_service.credentials.service.desk import Desk, open_desk
from verify_service.database import Connection
from verify_service.name_faces import load_name_faces
from verify_service.private_keys import PrivateKeys
from verify_service.signer.service.answering import Bench
from verify_service.signer.service.asking import NearestSigner


async def console_desk(console: ConsoleContext, connection: Connection, actor: Actor) -> Desk:
    """Return what issuing and correcting need; refuse where issuer or keys are missing."""
    settings = console.settings
    bench = Bench(settings, console.directory, PrivateKeys(console.directory, settings.token))
    return await open_desk(
        connection,
        settings,
        secrets=await console.secrets(connection),
        signing=NearestSigner(bench, settings.signer_database_url or ""),
        actor=actor,
        institution=console.institution,
        missing_characters=load_name_faces(settings).missing,
    )
