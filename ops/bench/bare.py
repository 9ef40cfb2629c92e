"""The baseline of the lookup bench: Litestar and asyncpg doing the same index read, and nothing else; and a leak."""

import os
from typing import Any

import asyncpg
import msgspec
import uvicorn
from litestar import Litestar, post
from litestar.datastructures import State
from litestar.params import JSONBody

from verify_service.lending import SESSION

READ = """
select certificate_number from lookup_key join credential using (credential_id) where hmac = $1
"""


class Question(msgspec.Struct):
    """The index to read, ready made."""

    hmac: str


class Pairs(msgspec.Struct):
    """Two indexes, the second of which is read only if the first leads somewhere."""

    first: str
    second: str


@post("/read", status_code=200)
async def read(data: JSONBody[Question], state: State) -> dict[str, Any]:
    """Return the certificate numbers an index leads to."""
    async with state.pool.acquire() as connection:
        rows = await connection.fetch(READ, bytes.fromhex(data.hmac))
    return {"numbers": [row["certificate_number"] for row in rows]}


@post("/leaky", status_code=200)
async def leak(data: JSONBody[Pairs], state: State) -> dict[str, Any]:
    """Answer as `read`, but look further only where the first index leads to somebody: the time tells."""
    async with state.pool.acquire() as connection:
        rows = await connection.fetch(READ, bytes.fromhex(data.first))
        if rows:
            rows = await connection.fetch(READ, bytes.fromhex(data.second))
    return {"numbers": [row["certificate_number"] for row in rows]}


def main() -> None:
    """Serve the baseline on the port of the environment."""

    async def start(app: Litestar) -> None:
        app.state.pool = await asyncpg.create_pool(
            os.environ["BENCH_DATABASE_URL"], max_size=16, server_settings=SESSION
        )

    async def stop(app: Litestar) -> None:
        await app.state.pool.close()

    app = Litestar([read, leak], on_startup=[start], on_shutdown=[stop], openapi_config=None, logging_config=None)
    port = int(os.environ["BENCH_PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="error")


async def _keep_as_it_is(_: object) -> None:
    """Spare the baseline the round trip of a reset, as the service spares itself."""


if __name__ == "__main__":
    main()
