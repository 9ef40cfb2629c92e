"""A second baseline of the lookup bench: FastAPI and SQLAlchemy, as their tutorials have it, doing only the query."""

import os
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DATABASE_URL = os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1)
ENGINE = create_async_engine(DATABASE_URL, pool_size=16)
SESSIONS = async_sessionmaker(ENGINE)


class Base(DeclarativeBase):
    """The tables that are read."""


class Credential(Base):
    """One certificate."""

    __tablename__ = "credential"
    credential_id: Mapped[UUID] = mapped_column(primary_key=True)
    certificate_number: Mapped[str]


class LookupKey(Base):
    """One blind index of it."""

    __tablename__ = "lookup_key"
    credential_id: Mapped[UUID] = mapped_column(ForeignKey(Credential.credential_id), primary_key=True)
    pair: Mapped[int] = mapped_column(primary_key=True)
    hmac: Mapped[bytes]


class Question(BaseModel):
    """The index to read, ready made."""

    hmac: str


class Answer(BaseModel):
    """The certificate numbers found."""

    numbers: list[str]


async def get_session() -> AsyncIterator[AsyncSession]:
    """Lend a session for one request."""
    async with SESSIONS() as session:
        yield session


app = FastAPI()


@app.post("/read")
async def read(question: Question, session: Annotated[AsyncSession, Depends(get_session)]) -> Answer:
    """Return the certificate numbers an index leads to."""
    found = await session.scalars(
        select(Credential).join(LookupKey).where(LookupKey.hmac == bytes.fromhex(question.hmac))
    )
    return Answer(numbers=[credential.certificate_number for credential in found])


if __name__ == "__main__":
    port = int(os.environ["BENCH_PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="error")
