"""The register that benchmarks measure on is written past the use cases: it must keep pace with the tables."""

from ops.bench.register import fill_register
from verify_service.cli.session import operator_session
from verify_service.database import Connection
from verify_service.embedded.server import DatabaseUrls
from verify_service.settings import Settings

COUNT_FOUND = """
select count(distinct credential_id) from lookup_key join credential_signature using (credential_id)
"""


async def test_everybody_in_it_has_a_signed_certificate_that_lookups_find(
    settings: Settings, database: DatabaseUrls, superuser: Connection
) -> None:
    async with operator_session(settings, database) as session:
        people = await fill_register(session, 7)

    assert len(people) == 7
    assert await superuser.fetchval(COUNT_FOUND) == 7
