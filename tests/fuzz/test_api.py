"""The whole public side under requests nobody foresaw: no fault, nothing undescribed, no datum that was not typed.

The server is a process of its own on a real database. Requests come from the API's own description (schemathesis) and,
for pages, forms and files, from Hypothesis.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

import httpx
import hypothesis
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.databases import lent_database
from tests.fuzz.api_requests import MULTIPART, TEXTS, AnyCase, Asked, addresses, cases, forms, uploads, variants
from tests.office import Office
from tests.personal_data import found_in, personal_data
from tests.registers import NO_LIMITS, Certificate
from tests.serving import Serving, serving
from verify_service.embedded.server import EmbeddedServer
from verify_service.settings import Settings

Certificates = Mapping[str, Certificate]

CHECKS: Final = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
WAYS: Final = 7
"""Each request from the description is sent again in six other ways."""
FULL: Final = {
    "LookUpCertificates": 24_000,
    "LookUpMany": 12_000,
    "MatchFields": 12_000,
    "VerifyToken": 12_000,
    "VerifyArtefact": 8_000,
    "GetRecord": 4_000,
    "GetOpenBadge": 3_000,
    "GetStatusList": 3_000,
    **dict.fromkeys(("GetDidDocument", "GetJwks", "IsAlive", "IsReady"), 300),
}
"""Requests for each operation in the long run; the short one has a two-hundredth of them."""
FULL_PAGES: Final = {"forms": 25_000, "addresses": 9_000, "qr uploads": 3_000}
FULL_FILES: Final = 300
"""Each is read by a process of its own, which takes a good part of a second."""
LEVELS: Final = [pytest.param(200, id="short"), pytest.param(1, id="long", marks=pytest.mark.slow)]


class Target(msgspec.Struct, frozen=True):
    """The server, what asks it, and what it may not say."""

    served: Serving
    schema: OpenApiSchema
    client: httpx.Client
    session: requests.Session
    certificates: tuple[Certificate, ...]
    keys: tuple[str, ...]
    """Of a platform, of one whose key was revoked, and nobody's."""
    secret: re.Pattern[str]
    names: Mapping[str, set[str]]
    """By token, what the page behind it shows."""
    statuses: Counter[int] = msgspec.field(default_factory=Counter)
    """How often each was answered, for whoever runs this with -s."""

    def judge(self, status: int, answer: str, typed: str) -> None:
        """Fail on a fault, and on a personal datum that was neither typed nor behind a token that was."""
        self.statuses[status] += 1
        assert status < 500, answer
        for datum in set(self.secret.findall(answer)):
            tokens = (token for token, shown in self.names.items() if datum in shown)
            assert datum in typed or any(token in typed.upper() for token in tokens), datum


@pytest.fixture(scope="module")
def target(
    server: EmbeddedServer,
    published_template: str,
    site: Settings,
    certificates: Certificates,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("fuzz")
    with lent_database(server, published_template) as name:
        urls = server.urls(name)
        settings = msgspec.structs.replace(
            site, database_url=urls.web, operator_database_url=urls.operator, rate_limits=NO_LIMITS
        )
        keys = make_keys(Office(settings, folder))
        with serving(settings, folder) as served, served.client() as client, requests.Session() as session:
            session.trust_env = False
            aimed = aim(served, client, session, tuple(certificates.values()), keys)
            yield aimed
            print(f"requests by status: {sorted(aimed.statuses.items())}")  # noqa: T201
            assert found_in(served.log.read_text(), personal_data(certificates.values())) == set()


def make_keys(office: Office) -> tuple[str, ...]:
    made = [
        office.run("api-keys", "create", "--name", name, "--purpose", "核验", "--daily", "1000000").out.strip()
        for name in ("platform", "former")
    ]
    assert office.run("api-keys", "revoke", "former").code == 0
    return (*made, "vsk_nobody")


def aim(
    served: Serving,
    client: httpx.Client,
    session: requests.Session,
    certificates: tuple[Certificate, ...],
    keys: tuple[str, ...],
) -> Target:
    data = personal_data(certificates) - {one.number for one in certificates}
    schema = schemathesis.openapi.from_url(f"{served.url}/api/openapi.json")
    return Target(
        served=served,
        schema=schema,
        client=client,
        session=session,
        certificates=certificates,
        keys=keys,
        secret=re.compile("|".join(map(re.escape, sorted(data, key=len, reverse=True)))),
        names={one.token: {one.name, one.token} for one in certificates},
    )


def drive(strategy: st.SearchStrategy[Any], times: int, act: Callable[[Any], None]) -> None:
    """Act on so many examples."""

    @hypothesis.settings(
        max_examples=times, database=None, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None
    )
    @hypothesis.given(example=strategy)
    def run(example: Any) -> None:  # noqa: ANN401  # whatever the strategy makes
        act(example)

    run()


def typed_in(url: str, body: object) -> str:
    """Return everything of a request in which somebody may have typed something, as it was typed."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
    if text.startswith(("{", "[", '"')):
        with suppress(msgspec.DecodeError):
            text += str(msgspec.json.decode(text))
    return f"{unquote(url)} {text} {unquote_plus(text)}"


@pytest.mark.parametrize("divisor", LEVELS)
@pytest.mark.parametrize("operation_id", FULL)
def test_an_operation_answers_whatever_it_is_asked_as_it_is_described(
    target: Target, operation_id: str, divisor: int
) -> None:
    operation = target.schema.find_operation_by_id(operation_id)

    def ask(example: tuple[AnyCase, str, Certificate, str]) -> None:
        case, key, certificate, text = example
        headers = {"Authorization": f"Bearer {key}"} if operation.security else {}
        response = case.call(base_url=target.served.url, session=target.session, headers=headers)
        case.validate_response(response, checks=CHECKS)
        sent = response.request
        target.judge(response.status_code, response.text, typed_in(str(sent.url), sent.body))
        for asked in variants(sent, operation, certificate, text):
            ask_page(target, asked)

    keys = st.sampled_from([*target.keys[:1] * 8, *target.keys])
    media_type = "application/json" if operation.body else None
    strategy = st.tuples(cases(operation, media_type), keys, st.sampled_from(target.certificates), TEXTS)
    drive(strategy, max(5, FULL[operation_id] // divisor // WAYS), ask)


@pytest.mark.parametrize("divisor", LEVELS)
@pytest.mark.parametrize("what", FULL_PAGES)
def test_no_page_fails_or_tells_what_was_not_typed(target: Target, what: str, divisor: int) -> None:
    strategy = {
        "forms": forms(target.certificates),
        "addresses": addresses(target.certificates),
        "qr uploads": uploads(target.certificates, files=False),
    }[what]

    drive(strategy, FULL_PAGES[what] // divisor, lambda asked: ask_page(target, asked))


@pytest.mark.parametrize("divisor", LEVELS)
def test_nor_does_checking_a_file(target: Target, divisor: int) -> None:
    drive(
        uploads(target.certificates, files=True), max(10, FULL_FILES // divisor), lambda asked: ask_page(target, asked)
    )

    operation = target.schema.find_operation_by_id("VerifyArtefact")
    strategy = cases(operation, MULTIPART)

    def ask(case: AnyCase) -> None:
        response = case.call(base_url=target.served.url, session=target.session)
        case.validate_response(response, checks=CHECKS)
        target.judge(response.status_code, response.text, typed_in(case.path, response.request.body))

    drive(strategy, max(10, FULL_FILES // divisor), ask)


def ask_page(target: Target, asked: Asked) -> None:
    response = asked.send(target.client)
    target.judge(response.status_code, response.text, typed_in(asked.path, asked.content))
