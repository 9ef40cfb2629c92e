"""Jobs and how far they have come."""

import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec


class JobKind(StrEnum):
    """What is done to a whole class."""

    ISSUE = "issue"
    REVOKE_COHORT = "revoke_cohort"


class Stage(StrEnum):
    """One kind of work on every object of a job, done before the next begins."""

    SIGN = "sign"
    """Numbers taken, certificates recorded and signed."""
    PRINT = "print"
    """PDFs drawn and looked at by the print gate; none is kept, what passed is on record."""
    REVOKE = "revoke"


STAGES: Final = {JobKind.ISSUE: (Stage.SIGN, Stage.PRINT), JobKind.REVOKE_COHORT: (Stage.REVOKE,)}


class JobState(StrEnum):
    """Where a job stands. One that is `running` without a worker alive is taken over by the next."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


ENDED: Final = frozenset({JobState.CANCELLED, JobState.DONE})


class NewJob(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done: to the objects of a proposal, on an approval that issuing needs beforehand."""

    kind: JobKind
    proposal_id: UUID
    cohort_id: UUID
    total: int
    approval_id: UUID | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job as it stands."""

    job_id: UUID
    kind: JobKind
    proposal_id: UUID
    approval_id: UUID | None
    cohort_id: UUID
    cohort: str
    """The code of the class."""
    reason: str | None
    """To revoke; None where a job issues."""
    proposer: str
    decider: str
    state: JobState
    trouble: str | None
    created_at: datetime.datetime
    started_at: datetime.datetime | None
    beat_at: datetime.datetime | None
    ended_at: datetime.datetime | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED


class StageProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one stage has come; `done` is counted in the register, not remembered."""

    stage: Stage
    total: int
    done: int
    held: int
    busy_seconds: float
    ended_at: datetime.datetime | None

    @property
    def rate(self) -> float | None:
        """Return how many a second are done while somebody works on it; None before the first."""
        return self.done / self.busy_seconds if self.done and self.busy_seconds > 0 else None


class HeldObject(msgspec.Struct, frozen=True):
    """An exam entry or credential that a stage left out, and the code of why."""

    stage: Stage
    object_id: UUID
    reason: str


class JobProgress(msgspec.Struct, frozen=True):
    """A job with its stages in their order."""

    job: Job
    stages: tuple[StageProgress, ...]
