"""`keys rotate` and `keys retire` where a secret is named."""

import re
import sys
from typing import Final

import click

from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.keys.model import Retirement, SecretState
from verify_service.keys.service.secrets import Rotation
from verify_service.sealing.model import SecretPurpose
from verify_service.secret_rotation import service

SECRET_ID: Final = re.compile(rf"({'|'.join(SecretPurpose)})-[1-9][0-9]{{0,3}}")


def rotate_secret(purpose: SecretPurpose, *, prepare: bool) -> None:
    """Take the next version of a secret into use, or only make it; go on where an earlier run was cut off."""

    async def job(session: OperatorSession) -> Rotation:
        rotation = await service.prepare(session.connection, session.directory, purpose, session.actor)
        if not prepare:
            await service.rotate(session.connection, session.directory, rotation, session.actor, _Progress())
        return rotation

    rotation = run_as_operator(job)
    new, old = rotation.new.key_id, rotation.old.key_id
    if prepare:
        click.echo(f"{new} is made: copy it to every KEY_DIR that has {old}, then run `keys rotate {purpose}`")
        return
    click.echo(f"{new} is in use; when every site has it, end the one before: `keys retire {old}`")


def retire_secret(key_id: str) -> Retirement:
    """End a version of a secret that nothing needs any more."""
    run_as_operator(lambda session: service.retire(session.connection, key_id, session.actor))
    return Retirement(key_id, SecretState.RETIRED.value)


class _Progress:
    """Counts rows on a terminal's standard error; says nothing elsewhere."""

    def __init__(self) -> None:
        self._moved = 0

    def __call__(self, moved: int) -> None:
        self._moved += moved
        if sys.stderr.isatty():
            click.echo(f"\rmoved: {self._moved}", err=True, nl=False)
