"""What a caller sees of a failure, through real views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from aro import errors

pytestmark = [pytest.mark.urls("tests.aro.failing_urls"), pytest.mark.django_db]
EXPECTED = {
    "outage": (503, "SERVICE_UNAVAILABLE", True),
    "bug": (500, "INTERNAL_ERROR", False),
    "conflict": (409, "CONFLICT", False),
    "limited": (429, "RATE_LIMIT_EXCEEDED", True),
    "missing": (404, "NOT_FOUND", False),
    "forbidden": (403, "FORBIDDEN", False),
    "suspicious": (400, "VALIDATION_ERROR", False),
    "too_large": (413, "VALIDATION_ERROR", False),
    "invalid": (400, "VALIDATION_ERROR", False),
}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("prefix", ["/v1/plain", "/api/rest"])
@pytest.mark.parametrize(("kind", "expected"), EXPECTED.items())
def test_every_failure_of_an_api_leaves_in_the_envelope(
    client: Client, prefix: str, kind: str, expected: tuple[int, str, bool]
) -> None:
    response = client.get(f"{prefix}/{kind}")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["retryable"]) == expected
    assert set(error) <= {"code", "message", "details", "retryable", "retryAfter"}


@pytest.mark.parametrize("prefix", ["/v1/plain", "/api/rest"])
def test_an_outage_says_when_to_come_back(client: Client, prefix: str) -> None:
    response = client.get(f"{prefix}/outage")
    assert response.headers["Retry-After"] == "5"
    assert response.json()["error"]["retryAfter"] == 5


@pytest.mark.parametrize("path", ["/v1/plain/bug", "/api/rest/bug", "/page/bug", "/page/outage"])
def test_a_failure_never_shows_its_inside(client: Client, path: str) -> None:
    text = client.get(path).content.decode()
    assert "internal" not in text
    assert "5551234567" not in text
    assert "Traceback" not in text
    assert "nonexistent" not in text


def test_details_and_waiting_time_of_our_own_errors_are_passed_on(client: Client) -> None:
    assert client.get("/v1/plain/conflict").json()["error"]["details"] == {"status": "completed"}
    assert client.get("/v1/plain/limited").headers["Retry-After"] == "7"


def test_an_invalid_field_is_named(client: Client) -> None:
    assert list(client.get("/api/rest/invalid").json()["error"]["details"]) == ["name"]


def test_a_path_that_does_not_exist_answers_programs_in_the_envelope(client: Client) -> None:
    assert client.get("/v1/nothing-here").json()["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("outage", 503, "not available"),
        ("bug", 500, "went wrong"),
        ("missing", 404, "does not exist"),
        ("forbidden", 403, "may not see"),
    ],
)
def test_people_get_a_page_in_plain_words(client: Client, kind: str, status: int, words: str) -> None:
    response = client.get(f"/page/{kind}")
    assert response.status_code == status
    assert words in response.content.decode()
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_wrong_method_names_the_right_one(client: Client) -> None:
    response = client.get("/webhooks/only-post")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert response.json()["error"]["code"] == "VALIDATION_ERROR"


def test_the_correlation_id_is_echoed_even_when_the_view_fails(client: Client) -> None:
    response = client.get("/v1/plain/bug", headers={"X-Correlation-Id": "order-77"})
    assert response.headers["X-Correlation-Id"] == "order-77"


@pytest.mark.parametrize("received", ["", "two\nlines", "x" * 65, "böse"])
def test_a_missing_or_odd_correlation_id_is_replaced(client: Client, received: str) -> None:
    answer = client.get("/v1/plain/missing", headers={"X-Correlation-Id": received} if received else {})
    assert UUID(answer.headers["X-Correlation-Id"]).version == 7


def _all(kind: type[errors.AroError]) -> list[type[errors.AroError]]:
    return [kind, *(inner for sub in kind.__subclasses__() for inner in _all(sub))]


def test_every_code_of_the_contract_has_an_error() -> None:
    codes = {kind.code for kind in _all(errors.AroError)}
    assert codes >= {
        *("VALIDATION_ERROR", "NOT_FOUND", "UNAUTHORIZED", "FORBIDDEN", "CONFLICT", "RATE_LIMIT_EXCEEDED"),
        *("CIRCUIT_BREAKER_OPEN", "EXTERNAL_API_ERROR", "SERVICE_UNAVAILABLE", "INTERNAL_ERROR"),
    }


def test_an_envelope_without_details_has_no_such_field() -> None:
    body: dict[str, Any] = errors.envelope(errors.NotFoundError("There is no such visit."))["error"]
    assert body == {"code": "NOT_FOUND", "message": "There is no such visit.", "retryable": False}


@pytest.mark.urls("config.urls")
@pytest.mark.parametrize("path", ["/ready", "/webhooks/calendly", "/admin/login/"])
def test_a_host_name_that_is_not_ours_names_the_setting_and_not_the_host(client: Client, path: str) -> None:
    response = client.generic("POST" if "webhooks" in path else "GET", path, headers={"host": "evil.example"})
    text = response.content.decode()
    assert response.status_code == 400
    assert "This address is not among ARO_ALLOWED_HOSTS" in text
    assert "evil" not in text
