"""Reading what was handed in where it can do no harm: in a process of its own, within limits."""

from typing import BinaryIO, Final

from verify_service.confinement.parent import ConfinedError, call_confined
from verify_service.confinement.protocol import Limits
from verify_service.errors import FileRefusedError
from verify_service.verification.model import Artefact, Check, CheckOutcome
from verify_service.verification.rules.artefacts import read_artefact
from verify_service.verification.rules.evidence import RefutedError

LIMITS: Final = Limits(memory_bytes=160 << 20, seconds=4)
CAUSES: Final[dict[str, tuple[CheckOutcome, str]]] = {
    # On a busy machine a sound file may take too long: that is no word against it.
    "time": ("error", "ARTEFACT_TIMED_OUT"),
    "memory": ("fail", "ARTEFACT_EXHAUSTING"),
    "crash": ("fail", "ARTEFACT_DAMAGED"),
}


def read(file: BinaryIO) -> Artefact:
    """Return what a file holds, as `read_artefact` reads it, in a confined process.

    Raises:
        RefutedError: nothing in it vouches for a certificate, or it could not be read to the end.

    """
    try:
        return call_confined(read_artefact, LIMITS, file)
    except FileRefusedError as error:
        raise RefutedError(Check("record", "fail", error.code)) from None
    except ConfinedError as error:
        outcome, detail = CAUSES[error.reason]
        raise RefutedError(Check("record", outcome, detail)) from None
