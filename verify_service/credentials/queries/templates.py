"""SQL on templates: the texts certificates were drawn with."""

from collections.abc import Sequence
from typing import Final

from verify_service.database import Connection

INSERT_TEMPLATE: Final = """
insert into template (template_digest, kind, title, issuer_name, content) values ($1, $2, $3, $4, $5)
    on conflict (template_digest) do nothing
"""
SELECT_TEMPLATES: Final = "select template_digest, content from template where template_digest = any($1)"


async def add_template(
    connection: Connection, *, digest: bytes, kind: str, title: str, issuer_name: str, content: bytes
) -> None:
    """Freeze a template; one that stands already is left alone."""
    await connection.execute(INSERT_TEMPLATE, digest, kind, title, issuer_name, content)


async def find_templates(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return the canonical bytes of templates by digest."""
    rows = await connection.fetch(SELECT_TEMPLATES, digests)
    return {row["template_digest"]: row["content"] for row in rows}
