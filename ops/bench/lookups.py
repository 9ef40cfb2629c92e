"""Lookups per second of the real endpoint with everything on, beside handlers that only read the index.

One is Litestar and asyncpg, one FastAPI and SQLAlchemy; in alternating rounds.
"""

import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import msgspec
import psutil

from ops.bench.ground import as_operator, ground
from ops.bench.load import Load, send_all
from ops.bench.register import fill_register
from verify_service.cli.session import OperatorSession
from verify_service.credentials.rules.lookup_keys import Facts, lookup_hmacs
from verify_service.embedded.server import DatabaseUrls
from verify_service.sealing.model import SecretKey
from verify_service.settings import Settings
from verify_service.subjects.model import Person

SUBJECTS = 100_000
REQUESTS = 12_000
ROUNDS = 3
HIT_SHARE = 0.95
REAL_PORT, BARE_PORT, PLAIN_PORT = 8765, 8766, 8767
STEADY_PER_SECOND = 200
STEADY_SECONDS = 15
PLAIN_PYTHON = Path(__file__).resolve().parents[2] / ".venv-bench" / "bin" / "python"
"""`make bench` makes it: what FastAPI and SQLAlchemy need is nobody else's."""


def main(subjects: int = SUBJECTS, requests: int = REQUESTS) -> None:
    """Print rate, latency and server CPU of each, their ratios, and the latency at a steady rate."""
    with ground() as (settings, urls):
        people: list[Person] = []
        secrets: list[SecretKey] = []

        async def job(session: OperatorSession) -> None:
            people.extend(await fill_register(session, subjects))
            secrets.append(session.secrets().index[0])

        as_operator(settings, urls, job)
        # Another set each time: what failed once is counted, and after some rounds would be refused.
        sets = [_questions(people, requests, seed) for seed in range(ROUNDS + 1)]
        real_sets = [[_request("/api/v1/lookups", facts_json(facts)) for facts in asked] for asked in sets]
        bare_sets = [[_request("/read", {"hmac": _hmac(secrets[0], facts).hex()}) for facts in asked] for asked in sets]
        with real(settings, urls) as ours, bare(urls) as baseline, _plain(urls) as plain:
            rounds = [
                (
                    _measure(ours, REAL_PORT, real_requests),
                    _measure(baseline, BARE_PORT, bare_requests),
                    _measure(plain, PLAIN_PORT, bare_requests) if plain else None,
                )
                for real_requests, bare_requests in zip(real_sets[:ROUNDS], bare_sets, strict=False)
            ]
            steady_requests = real_sets[ROUNDS][: STEADY_PER_SECOND * STEADY_SECONDS]
            steady = send_all(REAL_PORT, steady_requests, per_second=STEADY_PER_SECOND)
    _print("lookup", [of_real for of_real, _, _ in rounds])
    _print("  bare", [of_bare for _, of_bare, _ in rounds])
    _print_ratio("the bare handler", [(of_real, of_bare) for of_real, of_bare, _ in rounds])
    plain_rounds = [(of_real, of_plain) for of_real, _, of_plain in rounds if of_plain is not None]
    if plain_rounds:
        _print("  FastAPI", [of_plain for _, of_plain in plain_rounds])
        _print_ratio("FastAPI and SQLAlchemy doing only the query", plain_rounds)
    else:
        print("  FastAPI    not measured: `make bench` installs it")
    p50, p99 = (steady.percentile(share) for share in (0.50, 0.99))
    print(f"  at {STEADY_PER_SECOND}/s    p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   statuses {steady.statuses}")


def _print_ratio(of_what: str, rounds: list[tuple[tuple[Load, float], tuple[Load, float]]]) -> None:
    ratios = [_rate(ours[0]) / _rate(theirs[0]) for ours, theirs in rounds]
    print(f"  ratio      {median(ratios):.2f} of {of_what} ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")


def _questions(people: list[Person], count: int, seed: int) -> list[Facts]:
    """Return questions, one in twenty of them wrong and each in a way of its own: the budgets are there."""
    chance = random.Random(seed)  # noqa: S311  # which people are asked about
    asked = []
    for _ in range(count):
        person = chance.choice(people)
        hit = chance.random() < HIT_SHARE
        facts = {
            "name": person.name if hit else person.name + "某",
            "id_number": person.id_number,
            "phone": person.phone if hit else f"1{chance.randrange(3_000_000_000, 9_999_999_999)}",
        }
        left_out = chance.choice(("name", "id_number", "phone") if hit else ("id_number", "phone"))
        asked.append(Facts(**{field: value for field, value in facts.items() if field != left_out}))
    return asked


def facts_json(facts: Facts) -> dict[str, str]:
    """Return the body of a lookup by these facts."""
    typed = {"name": facts.name, "idNumber": facts.id_number, "phone": facts.phone}
    return {field: value for field, value in typed.items() if value is not None}


def _hmac(secret: SecretKey, facts: Facts) -> bytes:
    return next(iter(lookup_hmacs(secret, facts).values()))


def _request(path: str, body: object) -> bytes:
    encoded = msgspec.json.encode(body)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(encoded)}\r\n\r\n".encode() + encoded


def _measure(server: psutil.Process, port: int, requests: list[bytes]) -> tuple[Load, float]:
    before = sum(server.cpu_times()[:2])
    load = send_all(port, requests)
    # The budgets are on: of invented people some share the prefix of an ID number, and one wrong question in thousands
    # meets what others have spent.
    assert set(load.statuses) <= {200, 429}, load.statuses
    assert load.statuses[200] > 0.999 * load.requests, load.statuses
    return load, sum(server.cpu_times()[:2]) - before


def _rate(load: Load) -> float:
    return load.requests / load.seconds


def _print(name: str, rounds: list[tuple[Load, float]]) -> None:
    rate = median(_rate(load) for load, _ in rounds)
    p50, p99 = (median(load.percentile(share) for load, _ in rounds) for share in (0.50, 0.99))
    cpu = median(1e6 * seconds / load.requests for load, seconds in rounds)
    print(f"{name:12}{rate:8.0f} /s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   {cpu:6.0f} µs server CPU each")


@contextmanager
def real(settings: Settings, urls: DatabaseUrls) -> Iterator[psutil.Process]:
    """Lend `serve` with everything on but limits that one client would meet."""
    unlimited = "1000000/second"
    environment = {
        "VERIFY_SERVICE_DATA_DIR": str(settings.data_dir),
        "VERIFY_SERVICE_DATABASE_URL": urls.web,
        # Else what serve keeps beside itself would start, fail and start again while it is measured.
        "VERIFY_SERVICE_SIGNER_DATABASE_URL": urls.signer,
        "VERIFY_SERVICE_WEBHOOKS_DATABASE_URL": urls.webhooks,
        "VERIFY_SERVICE_PUBLIC_URL": str(settings.public_url),
        "VERIFY_SERVICE_RATE_LIMIT_NETWORK": unlimited,
        "VERIFY_SERVICE_RATE_LIMIT_NEIGHBOURHOOD": unlimited,
        "VERIFY_SERVICE_RATE_LIMIT_EVERYONE": unlimited,
    }
    command = [sys.executable, "-m", "verify_service", "serve", "--port", str(REAL_PORT)]
    with _running(command, environment, f"http://127.0.0.1:{REAL_PORT}/healthz") as process:
        yield process


@contextmanager
def bare(urls: DatabaseUrls) -> Iterator[psutil.Process]:
    """Lend the server of `ops.bench.bare`."""
    environment = {"BENCH_DATABASE_URL": urls.web, "BENCH_PORT": str(BARE_PORT)}
    command = [sys.executable, "-m", "ops.bench.bare"]
    with _running(command, environment, f"http://127.0.0.1:{BARE_PORT}/read") as process:
        yield process


@contextmanager
def _plain(urls: DatabaseUrls) -> Iterator[psutil.Process | None]:
    if not PLAIN_PYTHON.exists():
        yield None
        return
    environment = {"BENCH_DATABASE_URL": urls.web, "BENCH_PORT": str(PLAIN_PORT)}
    command = [str(PLAIN_PYTHON), str(Path(__file__).with_name("plain_fastapi.py"))]
    with _running(command, environment, f"http://127.0.0.1:{PLAIN_PORT}/read") as process:
        yield process


@contextmanager
def _running(command: list[str], environment: dict[str, str], probe: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)  # noqa: S603  # ours
    try:
        _wait(probe, process)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _wait(probe: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None, "the server ended at once"
        try:
            urllib.request.urlopen(probe, timeout=1)  # noqa: S310  # this machine
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
            continue
        return
    raise TimeoutError(probe)


if __name__ == "__main__":
    main()
