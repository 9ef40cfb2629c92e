"""The signer's ear: one question and one answer a connection, from the same user or the group, within seconds.

Whoever reaches it can have work done that is due anyway, and nothing else: no question carries anything to sign.
"""

import asyncio
import os
import pwd
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
import structlog

from verify_service.signer.model import MAX_QUESTION_BYTES, Answer, Done, Question
from verify_service.signer.rules.frames import LENGTH_BYTES, FrameError, decode_question, encode_frame, parse_length

MAX_CONNECTIONS: Final = 64
PATIENCE_SECONDS: Final = 5.0
"""For a question to arrive whole, and for its answer to be taken."""
MAX_NAMED: Final = 1_000
"""Refused certificates that an answer names; the trail has all of them."""
LINUX_CREDENTIALS: Final = struct.Struct("3i")
"""pid, uid, gid (unix(7), SO_PEERCRED)."""
MAC_CREDENTIALS: Final = struct.Struct("=IIh2x16I")
"""version, uid, number of groups, groups (sys/ucred.h, LOCAL_PEERCRED)."""

log = structlog.get_logger()


class Ear:
    """Takes questions on a socket and passes them on, one at a time for each connection."""

    def __init__(self, ask: Callable[[Question], Awaitable[Answer]], group: int | None) -> None:
        self._ask = ask
        self._group = group
        self._connections = 0

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection; a stranger, garbage, silence or a crowd are dropped without an answer."""
        self._connections += 1
        try:
            peer = writer.get_extra_info("socket")
            if self._connections <= MAX_CONNECTIONS and may_ask(peer, self._group):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    question = await _read_question(reader)
                answer = _shortened(await self._ask(question))
                async with asyncio.timeout(PATIENCE_SECONDS):
                    writer.write(encode_frame(answer))
                    await writer.drain()
                    writer.write_eof()
                    await reader.read(1)  # until the asker has it and closes: aborting sooner would cut it off
        except (FrameError, asyncio.IncompleteReadError, TimeoutError, OSError):
            pass
        finally:
            self._connections -= 1
            writer.transport.abort()


def may_ask(peer: socket.socket, group: int | None) -> bool:
    """Tell whether the process at the other end runs as our user, or as a member of the group."""
    user_id, peer_group = user_and_group_of(peer)
    if user_id == os.geteuid() or (group is not None and group in _groups_of(user_id, peer_group)):
        return True
    log.warning("signer_asked_by_stranger", user_id=user_id)
    return False


def user_and_group_of(peer: socket.socket) -> tuple[int, int]:
    """Return under which user and group the process at the other end of a Unix socket connected, or listens."""
    if sys.platform == "darwin":
        _, user_id, _, group, *_ = MAC_CREDENTIALS.unpack(peer.getsockopt(0, 1, MAC_CREDENTIALS.size))
    else:
        packed = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, LINUX_CREDENTIALS.size)
        _, user_id, group = LINUX_CREDENTIALS.unpack(packed)
    return user_id, group


def _groups_of(user_id: int, group: int) -> list[int]:
    try:
        return os.getgrouplist(pwd.getpwuid(user_id).pw_name, group)
    except KeyError:  # a user without a name has no further groups
        return [group]


async def _read_question(reader: asyncio.StreamReader) -> Question:
    length = parse_length(await reader.readexactly(LENGTH_BYTES), MAX_QUESTION_BYTES)
    return decode_question(await reader.readexactly(length))


def _shortened(answer: Answer) -> Answer:
    if not isinstance(answer, Done):
        return answer
    refused = answer.signing.refused[:MAX_NAMED]
    return msgspec.structs.replace(answer, signing=msgspec.structs.replace(answer.signing, refused=refused))
