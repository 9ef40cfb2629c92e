"""How commands that go on until they are told end."""

import asyncio
import signal
import sys


def end_on_sigterm() -> None:
    """Have SIGTERM end the process by its way out, as Ctrl-C does: the embedded database is stopped on it.

    uvicorn raises the signal anew when it has shut down, which by default kills the process on the spot.
    """
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))


def hear_the_end(*, until_stdin_ends: bool) -> asyncio.Event:
    """Return what is set at SIGTERM or Ctrl-C, or when whoever holds the other end of standard input is gone.

    To be called first of all in the loop: a signal that came before would break off whatever is being done.
    """
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if until_stdin_ends:
        loop.add_reader(sys.stdin.fileno(), told.set)
    return told
