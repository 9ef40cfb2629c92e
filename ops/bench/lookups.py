"""Lookups per second of the real endpoint, beside a bare handler doing the same index read, in alternating rounds."""

import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
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
REAL_PORT, BARE_PORT = 8765, 8766


def main(subjects: int = SUBJECTS, requests: int = REQUESTS) -> None:
    """Print rate, latency and server CPU of both, and their ratio."""
    with ground() as (settings, urls):
        people: list[Person] = []
        secrets: list[SecretKey] = []

        async def job(session: OperatorSession) -> None:
            people.extend(await fill_register(session, subjects))
            secrets.append(session.secrets().index[0])

        as_operator(settings, urls, job)
        asked = _questions(people, requests)
        real_requests = [_request("/api/v1/lookups", _facts(facts)) for facts in asked]
        bare_requests = [_request("/read", {"hmac": _hmac(secrets[0], facts).hex()}) for facts in asked]
        with _real(settings, urls) as real, _bare(urls) as bare:
            rounds = [
                (_measure(real, REAL_PORT, real_requests), _measure(bare, BARE_PORT, bare_requests))
                for _ in range(ROUNDS)
            ]
    _print("lookup", [of_real for of_real, _ in rounds])
    _print("  baseline", [of_bare for _, of_bare in rounds])
    ratios = [_rate(of_real[0]) / _rate(of_bare[0]) for of_real, of_bare in rounds]
    print(f"  ratio      {median(ratios):.2f} of the bare handler ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")


def _questions(people: list[Person], count: int) -> list[Facts]:
    chance = random.Random(2)  # noqa: S311  # which people are asked about
    asked = []
    for _ in range(count):
        person = chance.choice(people)
        hit = chance.random() < HIT_SHARE
        facts = {
            "name": person.name if hit else person.name + "某",
            "id_number": person.id_number,
            "phone": person.phone if hit else "19999999999",
        }
        left_out = chance.choice(("name", "id_number", "phone") if hit else ("id_number", "phone"))
        asked.append(Facts(**{field: value for field, value in facts.items() if field != left_out}))
    return asked


def _facts(facts: Facts) -> dict[str, str | None]:
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
    assert set(load.statuses) == {200}, load.statuses
    return load, sum(server.cpu_times()[:2]) - before


def _rate(load: Load) -> float:
    return load.requests / load.seconds


def _print(name: str, rounds: list[tuple[Load, float]]) -> None:
    rate = median(_rate(load) for load, _ in rounds)
    p50, p99 = (median(load.percentile(share) for load, _ in rounds) for share in (0.50, 0.99))
    cpu = median(1e6 * seconds / load.requests for load, seconds in rounds)
    print(f"{name:12}{rate:8.0f} /s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   {cpu:6.0f} µs server CPU each")


@contextmanager
def _real(settings: Settings, urls: DatabaseUrls) -> Iterator[psutil.Process]:
    unlimited = "1000000/second"
    environment = {
        "VERIFY_SERVICE_DATA_DIR": str(settings.data_dir),
        "VERIFY_SERVICE_DATABASE_URL": urls.web,
        "VERIFY_SERVICE_PUBLIC_URL": str(settings.public_url),
        "VERIFY_SERVICE_RATE_LIMIT_NETWORK": unlimited,
        "VERIFY_SERVICE_RATE_LIMIT_NEIGHBOURHOOD": unlimited,
        "VERIFY_SERVICE_RATE_LIMIT_EVERYONE": unlimited,
    }
    command = [sys.executable, "-m", "verify_service", "serve", "--port", str(REAL_PORT)]
    with _running(command, environment, f"http://127.0.0.1:{REAL_PORT}/healthz") as process:
        yield process


@contextmanager
def _bare(urls: DatabaseUrls) -> Iterator[psutil.Process]:
    environment = {"BENCH_DATABASE_URL": urls.web, "BENCH_PORT": str(BARE_PORT)}
    command = [sys.executable, "-m", "ops.bench.bare"]
    with _running(command, environment, f"http://127.0.0.1:{BARE_PORT}/read") as process:
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
