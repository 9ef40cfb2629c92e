"""Whether an amendment that is imported is the one that was shown."""

import hashlib
from collections.abc import Sequence

import msgspec

from verify_service.drafts.model import Changes, Draft
from verify_service.errors import ConflictError
from verify_service.tables.model import Difference


class AmendmentChangedError(ConflictError):
    """What would change is not what was shown: it is shown anew, and nothing was done."""

    def __init__(self) -> None:
        super().__init__("AMENDMENT_CHANGED", "what would change is not what was shown: look at it again")


def digest_of(draft: Draft, changes: Changes, amendment: str | None, differences: Sequence[Difference]) -> str:
    """Return what tells two amendments apart, empty where none stands; it is kept nowhere.

    It covers what the draft says (an upload never changes, what people changed of it does), who asks and why, and what
    would change. It goes into the page that shows these, and comes back with the form.
    """
    if amendment is None:
        return ""
    content = (draft.draft_id, changes, draft.amended_by, amendment, differences)
    # Rows are numbers, and only an object whose keys are text can be put in order.
    texts = msgspec.to_builtins(content, str_keys=True)
    return hashlib.sha256(msgspec.json.encode(texts, order="sorted")).hexdigest()


def require_as_shown(digest: str, shown: str) -> None:
    """Raise `AmendmentChangedError` where this is not what was shown, an amendment that came or went included."""
    if digest != shown:
        raise AmendmentChangedError
