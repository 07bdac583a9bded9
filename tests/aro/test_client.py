"""The client's address: what a proxy says counts only from proxies that are trusted, and a lockout hits who guesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory, override_settings

from aro.web import client as clients

OUTSIDE, OTHER, PROXY = "203.0.113.9", "198.51.100.7", "10.1.2.3"
PASSWORD = "a long and right password"


def seen(peer: str, **headers: str) -> tuple[str, bool]:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    clients.settle(request)
    assert "x-forwarded-for" not in request.headers
    return clients.address(request), clients.is_this_machine(request)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        (OUTSIDE, "127.0.0.1", OUTSIDE),
        (OUTSIDE, f"{OTHER}, 127.0.0.1", OUTSIDE),
        ("127.0.0.1", OUTSIDE, OUTSIDE),
        ("127.0.0.1", f"127.0.0.1, {OUTSIDE}", OUTSIDE),
        ("127.0.0.1", f"{OTHER}, {OUTSIDE}, 10.1.2.3", OUTSIDE),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:127.0.0.1", f"[{'2001:db8::5'}]:4711", "2001:db8::5"),
        ("127.0.0.1", f"{OUTSIDE}:4711", OUTSIDE),
        ("127.0.0.1", "::ffff:203.0.113.9", OUTSIDE),
        ("127.0.0.1", "unknown, 127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", f"{OTHER}, nonsense", "127.0.0.1"),
        ("10.9.9.9", OUTSIDE, OUTSIDE),
        ("11.0.0.1", OUTSIDE, "11.0.0.1"),
    ],
)
def test_the_last_address_that_is_no_trusted_proxy_counts(peer: str, forwarded: str, address: str) -> None:
    with override_settings(TRUSTED_PROXIES="127.0.0.1, ::1, 10.0.0.0/8"):
        assert seen(peer, **{"X-Forwarded-For": forwarded}) == (address, False)


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto"])
@pytest.mark.parametrize("peer", [OUTSIDE, "127.0.0.1", "::1"])
def test_metrics_never_open_to_what_was_passed_on(client: Client, db: None, name: str, peer: str) -> None:
    for value in ("127.0.0.1", "for=127.0.0.1", "::1", "localhost", ""):
        assert client.get("/metrics", REMOTE_ADDR=peer, headers={name: value}).status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200


@override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
def test_only_a_trusted_proxy_says_that_it_was_https() -> None:
    for peer, is_secure in ((OUTSIDE, False), ("127.0.0.1", True)):
        request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-Proto": "https"})
        clients.settle(request)
        assert request.is_secure() is is_secure


def test_a_network_that_is_none_is_named_with_an_example() -> None:
    with pytest.raises(ImproperlyConfigured, match="ARO_TRUSTED_PROXIES.*10.0.0.0/8"):
        clients.networks("10.0.0.1/8")


def test_limits_count_ipv6_by_its_64() -> None:
    near, same = (RequestFactory().get("/", REMOTE_ADDR=f"2001:db8:0:1:{n}::5") for n in (1, 9))
    far = RequestFactory().get("/", REMOTE_ADDR="2001:db8:0:2::5")
    assert clients.neighbourhood(near) == clients.neighbourhood(same) != clients.neighbourhood(far)


@pytest.fixture
def person(db: None) -> Iterator[str]:
    get_user_model().objects.create_superuser("ana", "", PASSWORD)
    get_user_model().objects.create_superuser("bob", "", PASSWORD)
    with override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS):
        yield "ana"


def sign_in(name: str, password: str, at: str, **headers: str) -> bool:
    data = {"username": name, "password": password}
    answer = Client().post("/admin/login/", data, REMOTE_ADDR=at, headers=headers)
    assert answer.status_code in (200, 302, 429)
    return answer.status_code == 302


def test_five_failures_lock_a_name_at_its_address_and_neither_alone(person: str) -> None:
    for _ in range(5):
        assert not sign_in("ana", "wrong", OUTSIDE)
    assert not sign_in("ana", PASSWORD, OUTSIDE)
    assert sign_in("ana", PASSWORD, OTHER)
    assert sign_in("bob", PASSWORD, OUTSIDE)


def test_behind_a_proxy_who_guesses_is_locked_out_and_not_everybody(person: str) -> None:
    for _ in range(6):
        assert not sign_in("ana", "wrong", "127.0.0.1", **{"X-Forwarded-For": OUTSIDE})
    assert not sign_in("ana", PASSWORD, "127.0.0.1", **{"X-Forwarded-For": f"127.0.0.1, {OUTSIDE}"})
    assert sign_in("ana", PASSWORD, "127.0.0.1", **{"X-Forwarded-For": OTHER})


def test_another_forged_address_each_time_is_still_one_address(person: str) -> None:
    for n in range(5):
        assert not sign_in("ana", "wrong", OUTSIDE, **{"X-Forwarded-For": f"192.0.2.{n}"})
    assert not sign_in("ana", PASSWORD, OUTSIDE, **{"X-Forwarded-For": "192.0.2.99"})


def test_guessing_a_name_from_many_addresses_locks_it_later_but_not_where_its_owner_was(person: str) -> None:
    assert sign_in("ana", PASSWORD, OTHER)
    for n in range(25):
        assert not sign_in("ana", "wrong", f"192.0.2.{n}")
    assert not sign_in("ana", PASSWORD, OUTSIDE)
    assert sign_in("ana", PASSWORD, OTHER)


def test_guessing_many_names_from_one_address_locks_the_address_later(person: str) -> None:
    for n in range(50):
        assert not sign_in(f"name{n}", "wrong", OUTSIDE)
    assert not sign_in("bob", PASSWORD, OUTSIDE)
    assert sign_in("bob", PASSWORD, OTHER)


def test_an_ipv6_address_that_changes_within_its_64_is_one(person: str) -> None:
    for n in range(5):
        assert not sign_in("ana", "wrong", f"2001:db8:0:1::{n + 1}")
    assert not sign_in("ana", PASSWORD, "2001:db8:0:1:9::9")
    assert sign_in("ana", PASSWORD, "2001:db8:0:2::9")
