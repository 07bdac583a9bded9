"""Forms that are no forms, and forms from before the last login: a page with the next step, never a failure of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from aro.watch.http import is_api

BODIES = [
    ("multipart/form-data", b"junk"),
    ("multipart/form-data; boundary=", b"junk"),
    ("multipart/form-data; boundary=" + "y" * 300, b"junk"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n"),
    ("application/x-www-form-urlencoded; charset=utf-99", b"a=%ff&b=%zz"),
]
A_UUID = "00000000-0000-0000-0000-000000000000"


def paths(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    """Every address without parts of its own to fill in."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from paths(pattern.url_patterns, route)
        elif not set("<(^") & set(route):
            yield route


PATHS = sorted(set(paths(get_resolver().url_patterns)) | {f"/admin/desk/appointment.confirm/{A_UUID}/"})


def browser(*, checks: bool) -> Client:
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    client.force_login(User.objects.get(username="ada"))
    client.cookies["csrftoken"] = "x" * 32
    return client


@pytest.mark.parametrize(("content_type", "body"), BODIES)
def test_a_form_that_is_none_is_refused(admin: Client, content_type: str, body: bytes) -> None:
    for client in (browser(checks=True), browser(checks=False), Client(enforce_csrf_checks=True)):
        for path in ("/admin/login/", "/admin/", "/admin/desk/holidays/", "/admin/desk/outcomes/"):
            answer = client.generic("POST", path, body, content_type=content_type)
            assert answer.status_code < 500, (path, answer.status_code)


def test_it_is_refused_at_every_address(admin: Client) -> None:
    assert len(PATHS) > 100
    client, (content_type, body) = browser(checks=False), BODIES[0]
    failed = [
        path for path in PATHS if client.generic("POST", path, body, content_type=content_type).status_code >= 500
    ]
    assert failed == []


def test_without_a_boundary_it_is_400_in_the_form_of_the_place(admin: Client) -> None:
    for path in ("/admin/login/", "/admin/"):
        answer = browser(checks=True).post(path, data=b"junk", content_type="multipart/form-data")
        assert (answer.status_code, b"This request cannot be answered" in answer.content) == (400, True)


def test_a_button_in_an_old_tab_says_what_to_do(admin: Client) -> None:
    answer = browser(checks=True).post("/admin/desk/holidays/", {"csrfmiddlewaretoken": "y" * 64})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing was changed" in text
    assert "press once more" in text
    assert "DEBUG" not in text


def test_a_program_gets_the_envelope(rf: object) -> None:
    from django.test import RequestFactory  # noqa: PLC0415

    from aro.watch.http import form_refused  # noqa: PLC0415

    assert is_api("/api/x")
    answer = form_refused(RequestFactory().post("/api/x"), reason="no cookie")
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/json")
    assert b'"FORBIDDEN"' in answer.content


@pytest.mark.parametrize("model", ["periodictask", "intervalschedule", "crontabschedule", "solarschedule"])
def test_what_the_beat_says_is_looked_at_and_not_changed(admin: Client, model: str) -> None:
    where = f"/admin/django_celery_beat/{model}/"
    assert admin.get(where).status_code == 200
    for bad in ("a\0b", "9" * 5000, "[" * 4000):
        assert admin.post(f"{where}add/", {"name": bad, "task": bad, "args": bad}).status_code == 403
