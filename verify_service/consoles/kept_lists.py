"""Lists of redemption codes that were handed out, kept in memory until they have arrived."""

import time
from typing import Final
from uuid import UUID

MOST_KEPT: Final = 64
"""The oldest is forgotten first."""
KEPT_SECONDS: Final = 600.0


class KeptLists:
    """Lists of codes, each the only copy there is: kept for a while, so that one that broke off is fetched again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[UUID, str, UUID], tuple[float, bytes]] = {}

    def keep(self, session_id: UUID, cohort: str, partner_id: UUID, workbook: bytes) -> None:
        """Keep a list, of a partner's people in a class, for the session that drew it."""
        self._forget_old()
        self.forget(session_id, cohort, partner_id)
        self._kept[session_id, cohort, partner_id] = (time.monotonic() + KEPT_SECONDS, workbook)
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def find(self, session_id: UUID, cohort: str, partner_id: UUID) -> bytes | None:
        """Return the list this session drew in the last ten minutes, or None."""
        self._forget_old()
        _, workbook = self._kept.get((session_id, cohort, partner_id), (0.0, None))
        return workbook

    def partners(self, session_id: UUID, cohort: str) -> frozenset[UUID]:
        """Return whose lists of a class are kept for a session."""
        self._forget_old()
        return frozenset(partner for session, code, partner in self._kept if (session, code) == (session_id, cohort))

    def forget(self, session_id: UUID, cohort: str, partner_id: UUID) -> None:
        """Forget a list, which has arrived."""
        self._kept.pop((session_id, cohort, partner_id), None)

    def _forget_old(self) -> None:
        now = time.monotonic()
        self._kept = {key: kept for key, kept in self._kept.items() if now < kept[0]}
