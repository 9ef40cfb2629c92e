"""Certificates issued per second in one batch, beside the bare signatures they need."""

import datetime
import io
import time
from uuid import UUID

from PIL import Image

from ops.bench.ground import as_operator, ground
from ops.bench.people import invent_people
from signing import generate_private_key
from verify_service.cli.session import OperatorSession
from verify_service.cohorts.service import open_cohort
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.enrolments.model import Trainee
from verify_service.enrolments.service import Desk, Enrolling, enrol_all
from verify_service.exams import queries as exams
from verify_service.exams.model import Conclusion, Sitting, SittingKind
from verify_service.partners import service as partners

BATCH = 5_000
KIND = "omnimedia_operator"


def main(count: int = BATCH) -> None:
    """Print issued/s of a batch and, beside it, how many pairs of bare Ed25519 signatures a second."""
    with ground() as (settings, urls):

        async def job(session: OperatorSession) -> None:
            cohort_id = await enrol_class(session, count)
            desk = await session.desk()
            started, cpu = time.perf_counter(), time.process_time()
            result = await issue_cohort(desk, cohort_id)
            seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
            assert result.issued == count
            bare = _bare_signatures(2_000)
            print(f"issue      {count / seconds:8.0f} certificates/s   {1000 * cpu / count:.2f} ms CPU each")
            print(f"  baseline {bare:8.0f} times three bare Ed25519 signatures/s (record, QR code, Open Badge)")

        as_operator(settings, urls, job)


async def enrol_class(session: OperatorSession, count: int) -> UUID:
    """Enrol `count` people with photos who all passed, and return the cohort's id."""
    photo = sample_photo()
    async with session.connection.transaction():
        cohort_id = await open_cohort(session.connection, session.actor, "BENCH")
        partner_id = await partners.add_partner(session.connection, session.actor, "基准测试学校")
        desk = Desk(session.connection, session.secrets(), session.actor, cohort_id)
        people = invent_people(count)
        await enrol_all(desk, [Enrolling(Trainee(person, partner_id, (KIND,), photo)) for person in people])
        passed = Sitting(kind=SittingKind.FIRST, held_on=datetime.date(2026, 3, 14), conclusion=Conclusion.PASSED)
        for entry in await exams.list_cohort_entries(session.connection, cohort_id):
            await exams.add_sitting(session.connection, entry.exam_entry_id, passed)
    return cohort_id


def _bare_signatures(count: int) -> float:
    key, message = generate_private_key(), bytes(64)
    started = time.perf_counter()
    for _ in range(3 * count):
        key.sign(message)
    return count / (time.perf_counter() - started)


def sample_photo() -> bytes:
    """Return a JPEG portrait of noise: the worst a compressor can meet."""
    picture = io.BytesIO()
    Image.effect_noise((295, 413), 40).convert("RGB").save(picture, "JPEG", quality=80)
    return picture.getvalue()


if __name__ == "__main__":
    main()
