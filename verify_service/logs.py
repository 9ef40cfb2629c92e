"""Logs: one JSON object a line on standard error, with nothing in it that a visitor typed.

A log is copied to more places than the database. So a line has the route's template and never the path (the token in
`/v/…` opens a certificate), no query, body, header or address, and of an exception its type and place: its text may
quote a value, and PostgreSQL's does.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

OUR_PACKAGES: Final = ("verify_service", "signing", "pdf")

REQUEST_ID: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
"""Of the request that is being answered. One variable: structlog's own are looked for among all there are."""

ENCODER: Final = json.JSONEncoder(default=repr)
"""Made once: structlog's renderer makes one for each line."""

log = structlog.get_logger()


def configure_logging() -> None:
    """Send our events, and what libraries log, to standard error. uvicorn must run with `log_config=None`."""
    structlog.configure(
        processors=[
            _name_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_exception,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[LibraryHandler()], level=logging.INFO, force=True)
    # Its lines are the path with its token, the query and the client's address.
    logging.getLogger("uvicorn.access").disabled = True


class LibraryHandler(logging.Handler):
    """Passes on that a library warned, where and how badly; the sentence only of uvicorn, which quotes nothing.

    asyncio, for one, puts the repr of a failed task and its exception into the message.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line for a warning or an error, and for whatever uvicorn says."""
        known = record.name == "uvicorn.error"
        if record.levelno < logging.WARNING and not known:
            return
        log.log(
            min(record.levelno, logging.ERROR),
            record.getMessage().strip() if known else "library_message",
            logger=record.name,
            source=f"{record.module}:{record.lineno}",
            exc_info=record.exc_info[1] if record.exc_info else None,
        )


def _name_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the id of the request that is being answered, if one is."""
    request_id = REQUEST_ID.get()
    if request_id is not None:
        event["request_id"] = request_id
    return event


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return the event as JSON in ASCII: U+2028 too would end a line for some readers."""
    return ENCODER.encode(event)


def _name_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put an exception's type and place where its text and traceback would stand."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = _place_of(error)
    return event


def _place_of(error: BaseException) -> str | None:
    """Return `module:line` of the innermost frame that is ours, or of the innermost one; None without a traceback."""
    places = [(frame.f_globals.get("__name__", "?"), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [place for place in places if place[0].split(".")[0] in OUR_PACKAGES]
    module, line = (ours or places or [("", 0)])[-1]
    return f"{module}:{line}" if module else None
