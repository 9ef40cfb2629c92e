"""`GET /api/openapi.json`: the API's own description, OpenAPI 3.1, and `GET /api/docs`, its viewer."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
import pytest

from tests.conftest import PUBLIC_URL
from tests.integration.web.conftest import BROWSER, Client
from verify_service.problems import KINDS

OPERATIONS = {
    ("post", "/api/v1/lookups"): "LookUpCertificates",
    ("post", "/api/v1/lookups/batch"): "LookUpMany",
    ("post", "/api/v1/matches"): "MatchFields",
    ("post", "/api/v1/verifications"): "VerifyArtefact",
    ("get", "/v/{token}"): "VerifyToken",
    ("get", "/v/{token}/record.json"): "GetRecord",
    ("get", "/v/{token}/openbadge.json"): "GetOpenBadge",
    ("get", "/.well-known/did.json"): "GetDidDocument",
    ("get", "/.well-known/jwks.json"): "GetJwks",
    ("get", "/status/{purpose}/{number}"): "GetStatusList",
    ("get", "/api/v1/webhooks/{webhook}/watches"): "CountWatches",
    ("post", "/api/v1/webhooks/{webhook}/watches"): "WatchCertificates",
    ("delete", "/api/v1/webhooks/{webhook}/watches"): "UnwatchEverything",
    ("post", "/api/v1/webhooks/{webhook}/watches/removals"): "UnwatchCertificates",
    ("get", "/healthz"): "IsAlive",
    ("get", "/readyz"): "IsReady",
}
PROBLEMS = {
    "LookUpCertificates": {"400", "413", "415", "429", "500", "503"},
    "LookUpMany": {"400", "401", "409", "413", "415", "422", "429", "500", "503"},
    "MatchFields": {"400", "413", "415", "429", "500", "503"},
    "VerifyArtefact": {"400", "413", "415", "429", "500", "503"},
    "VerifyToken": {"400", "429", "500", "503"},
    "GetRecord": {"400", "404", "429", "500", "503"},
    "GetOpenBadge": {"400", "404", "429", "500", "503"},
    "GetDidDocument": {"500"},
    "GetJwks": {"500"},
    "GetStatusList": {"400", "404", "500", "503"},
    "CountWatches": {"400", "401", "429", "500", "503"},
    "WatchCertificates": {"400", "401", "409", "413", "415", "429", "500", "503"},
    "UnwatchEverything": {"400", "401", "429", "500", "503"},
    "UnwatchCertificates": {"400", "401", "413", "415", "429", "500", "503"},
    "IsAlive": {"500"},
    "IsReady": {"500", "503"},
}
PROBLEM = {"$ref": "#/components/schemas/ProblemDocument"}
MEDIA_TYPES = {
    "LookUpCertificates": "application/json",
    "LookUpMany": "application/x-ndjson",
    "MatchFields": "application/json",
    "VerifyArtefact": "application/json",
    "VerifyToken": "application/json",
    "GetRecord": "application/vc",
    "GetOpenBadge": "application/vc+ld+json",
    "GetDidDocument": "application/did+json",
    "GetJwks": "application/jwk-set+json",
    "GetStatusList": "application/vc",
    "CountWatches": "application/json",
    "WatchCertificates": "application/json",
    "UnwatchEverything": "application/json",
    "UnwatchCertificates": "application/json",
    "IsAlive": "application/json",
    "IsReady": "application/json",
}


async def description(client: Client) -> dict[str, Any]:
    response = await client.get("/api/openapi.json")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/vnd.oai.openapi+json"
    document: dict[str, Any] = response.json()
    return document


async def operations(client: Client) -> dict[str, Any]:
    """Return each operation by its id."""
    paths = (await description(client))["paths"]
    return {operation["operationId"]: operation for path in paths.values() for operation in path.values()}


def every(value: object, member: str) -> Iterator[Any]:
    """Yield the values of a member wherever it stands."""
    if isinstance(value, dict):
        if member in value:
            yield value[member]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from every(inner, member)


async def test_it_is_openapi_3_1_of_this_site(client: Client) -> None:
    document = await description(client)

    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["servers"] == [{"url": PUBLIC_URL}]
    assert document["info"]["title"]
    assert document["info"]["version"]


async def test_it_lists_every_operation_of_the_api_and_no_page(client: Client) -> None:
    paths = (await description(client))["paths"]

    listed = {(method, path): it["operationId"] for path, item in paths.items() for method, it in item.items()}
    assert listed == OPERATIONS


async def test_every_reference_leads_somewhere(client: Client) -> None:
    document = await description(client)
    references = set(every(document, "$ref"))

    assert references == {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


async def test_every_parameter_of_a_path_is_described(client: Client) -> None:
    for path, item in (await description(client))["paths"].items():
        for operation in item.values():
            described = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path))


@pytest.mark.parametrize("operation", OPERATIONS.values())
async def test_every_problem_of_an_operation_is_described_as_one(client: Client, operation: str) -> None:
    described = (await operations(client))[operation]

    problems = {status: answer for status, answer in described["responses"].items() if int(status) >= 400}
    assert problems.keys() == PROBLEMS[operation]
    for answer in problems.values():
        assert answer["content"].keys() == {"application/problem+json"}
        content = answer["content"]["application/problem+json"]
        assert content["schema"] == PROBLEM
        assert content["examples"].keys() == set(re.findall(r"`([a-z-]+)`", answer["description"]))


@pytest.mark.parametrize("operation", OPERATIONS.values())
async def test_every_answer_is_described_in_its_own_media_type_and_in_words(client: Client, operation: str) -> None:
    described = (await operations(client))[operation]

    content = described["responses"]["200"]["content"]
    assert next(iter(content)) == MEDIA_TYPES[operation]
    assert set(content) - {MEDIA_TYPES[operation]} == ({"text/html"} if operation == "VerifyToken" else set())
    assert described["summary"].istitle() is False
    assert " " in described["summary"]
    assert described["description"].endswith(".")


async def test_every_body_and_answer_has_examples_that_fit_its_schema(client: Client) -> None:
    document = await description(client)
    examples = list(described_examples(document))

    assert len(examples) > 50
    for where, schema, value in examples:
        validator = jsonschema_rs.validator_for({**schema, "components": document["components"]})
        assert [error.message for error in validator.iter_errors(value)] == [], where


def described_examples(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield the schema and value of each example; fail for JSON that has none."""
    for path in document["paths"].values():
        for operation in path.values():
            bodies = {"request": operation["requestBody"]} if "requestBody" in operation else {}
            for name, body in (bodies | operation["responses"]).items():
                for media_type, content in body["content"].items():
                    if "json" in media_type or "vc" in media_type:
                        where = f"{operation['operationId']} {name} {media_type}"
                        assert content["examples"], where
                        yield from ((where, content["schema"], one["value"]) for one in content["examples"].values())


async def test_every_outcome_has_an_example(client: Client) -> None:
    schemas = (await description(client))["components"]["schemas"]
    for operation, schema, never in (
        ("LookUpCertificates", "LookupAnswer", set()),
        ("LookUpMany", "BatchRow", set()),
        ("VerifyToken", "TokenAnswer", set()),
        ("VerifyArtefact", "Verdict", {"unverifiable"}),  # that is a 503
    ):
        content = next(iter((await operations(client))[operation]["responses"]["200"]["content"].values()))
        shown = {example["value"]["outcome"] for example in content["examples"].values()}
        assert shown == set(schemas[schema]["properties"]["outcome"]["enum"]) - never


async def test_the_example_of_a_problem_is_what_is_answered(client: Client) -> None:
    described = (await operations(client))["LookUpCertificates"]["responses"]

    for body, name, status in (("{", "malformed-body", 400), ("{}", "two-fields-required", 400)):
        answered = await client.post("/api/v1/lookups", content=body, headers={"Content-Type": "application/json"})
        example = described[str(status)]["content"]["application/problem+json"]["examples"][name]["value"]
        assert answered.json() == example
    wrong = await client.post("/api/v1/lookups", json={"name": "赵无人", "phone": "1"})
    assert (
        wrong.json() == described["400"]["content"]["application/problem+json"]["examples"]["malformed-field"]["value"]
    )


async def test_a_member_that_is_not_known_is_refused_and_described_so(client: Client) -> None:
    document = await description(client)

    assert document["components"]["schemas"]["LookupRequest"]["additionalProperties"] is False
    for path, body in (
        ("/api/v1/lookups", {"name": "赵无人", "phone": "19499999999", "email": "x"}),
        ("/api/v1/verifications", {"qr": "x", "file": "x"}),
    ):
        assert (await client.post(path, json=body)).status_code == 400
        schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert "$ref" in schema or schema["additionalProperties"] is False


async def test_who_needs_a_key_is_described(client: Client) -> None:
    document = await description(client)

    secured = {
        name: next(iter(scheme))
        for name, operation in (await operations(client)).items()
        for scheme in operation.get("security", [])
    }
    watching = ("CountWatches", "WatchCertificates", "UnwatchCertificates", "UnwatchEverything")
    assert secured == {"LookUpMany": "apiKey", **dict.fromkeys(watching, "webhookToken")}
    schemes = document["components"]["securitySchemes"]
    assert {name: scheme["scheme"] for name, scheme in schemes.items()} == dict.fromkeys(
        set(secured.values()), "bearer"
    )


async def test_the_type_of_every_problem_leads_to_a_page_in_both_languages(client: Client) -> None:
    types = (await description(client))["components"]["schemas"]["ProblemDocument"]["properties"]["type"]["enum"]
    paths = [one.removeprefix(PUBLIC_URL) for one in types if one != "about:blank"]

    assert len(paths) == len(KINDS)
    for path in paths:
        chinese, english = [await client.get(path, params={"lang": lang}, headers=BROWSER) for lang in ("zh", "en")]
        assert (chinese.status_code, english.status_code) == (200, 200)
        assert f"<h1>{path.removeprefix('/problems/')}</h1>" in chinese.text
        assert "处理办法" in chinese.text
        assert "What to do" in english.text
    assert (await client.get("/problems/unheard-of")).status_code == 404


async def test_the_lookup_is_described_as_the_contract_has_it(client: Client) -> None:
    schemas = (await description(client))["components"]["schemas"]

    assert set(schemas["LookupRequest"]["properties"]) == {"name", "idNumber", "phone"}
    answer = schemas["CertificateAnswer"]
    assert set(answer["properties"]) - set(answer["required"]) == {"name"}
    assert answer["properties"]["status"]["enum"] == ["valid", "revoked", "superseded"]
    assert schemas["TokenAnswer"]["properties"]["outcome"]["enum"] == ["valid", "revoked", "superseded", "not_found"]


async def test_a_verification_is_described_with_both_kinds_of_body(client: Client) -> None:
    document = await description(client)

    bodies = (await operations(client))["VerifyArtefact"]["requestBody"]["content"]
    verdict = document["components"]["schemas"]["Verdict"]
    assert {kind: body["schema"]["required"] for kind, body in bodies.items()} == {
        "multipart/form-data": ["file"],
        "application/json": ["qr"],
    }
    assert set(verdict["required"]) == {"outcome", "checks", "certificate"}
    assert set(verdict["properties"]["outcome"]["enum"]) == {
        *("valid", "revoked", "superseded", "not_found", "unverifiable", "invalid")
    }


async def test_the_viewer_is_a_page_whose_files_are_all_ours(client: Client) -> None:
    page = await client.get("/api/docs", headers=BROWSER)

    assert page.status_code == 200
    assert "script-src 'self';" in page.headers["content-security-policy"]
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(files) > 3
    for file in files:
        assert file.startswith("/")
        assert (await client.get(file)).status_code == 200
