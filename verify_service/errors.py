"""The one error tree of the service. `problems.py` maps it to HTTP, `cli` to exit codes; nobody else does.

No message carries a personal datum: a name, ID number or phone is named by its field or cell, never quoted.
"""

from collections.abc import Mapping
from typing import ClassVar


class ServiceError(Exception):
    """Something the caller can act on; `code` is the stable word for it, the text says what to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class UsageError(ServiceError):
    """Wrong usage, an unreadable file, a missing setting or key: nothing was done."""

    exit_code = 2


class FileRefusedError(UsageError):
    """A whole file is refused; `about` and `details` let its sentence be said in another language."""

    def __init__(self, code: str, message: str, *, about: str = "", details: Mapping[str, str | int]) -> None:
        super().__init__(code, message)
        self.about = about
        self.details = details


class ConflictError(ServiceError):
    """What was asked contradicts what stands in the register: nothing was done."""

    exit_code = 5


class NotFoundError(ServiceError):
    """The named object does not exist, or is not the caller's to see."""


class UnavailableError(ServiceError):
    """Database or keys cannot be reached: the answer is not known, which is never a "no"."""

    exit_code = 4


class DatabaseUnavailableError(UnavailableError):
    """The database is down, or every connection to it is lent: asking it again at once would only add to the queue."""


class BudgetSpentError(ServiceError):
    """Too many questions about the same facts have failed: refused whether or not this one is right."""


class FieldError(ServiceError):
    """One value (name, ID number, phone, cell) is refused; `code` is one of the codes of the contract."""

    def __init__(self, code: str) -> None:
        super().__init__(code, code)
