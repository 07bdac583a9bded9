"""One call to a provider, against servers that misbehave."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from aro.ops.unused_ports import unused_port
from integrations.providers.shared import transport
from integrations.providers.shared.base import OutcomeUnknownError, UnavailableError
from integrations.providers.shared.transport import Answer, Call, call
from tests.integrations.loopback import Loopback, hang_up, http


def ask(url: str, *, seconds: float = 5.0) -> Answer:
    return call(
        Call(method="POST", url=url, headers={"Authorization": "Bearer token"}, data="a=b", deadline_seconds=seconds)
    )


def test_the_answer_comes_back_whatever_its_status(loopback: Loopback) -> None:
    loopback.answers = [http(503, {"why": "busy"}, headers={"Retry-After": "7"})]
    answer = ask(loopback.url)
    assert (answer.status, answer.text, answer.headers["retry-after"]) == (503, '{"why": "busy"}', "7")


def test_a_refused_connection_means_that_nothing_was_done() -> None:
    with pytest.raises(UnavailableError):
        ask(f"http://127.0.0.1:{unused_port()}")


def test_a_name_that_does_not_exist_means_that_nothing_was_done() -> None:
    with pytest.raises(UnavailableError):
        ask("http://nobody.invalid")


def test_a_name_that_is_looked_up_for_ever_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def never(*_: object) -> list[object]:
        answered.wait(20)
        raise socket.gaierror("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    started = time.monotonic()
    with pytest.raises(UnavailableError):
        ask("http://api.example.com", seconds=0.5)
    assert time.monotonic() - started < 2
    answered.set()


def test_a_server_that_speaks_no_tls_means_that_nothing_was_done(loopback: Loopback) -> None:
    loopback.answers = [http(200, {})]
    with pytest.raises(UnavailableError):
        ask(loopback.url.replace("http:", "https:"), seconds=2)


def test_a_server_that_hangs_up_leaves_the_outcome_unknown(loopback: Loopback) -> None:
    loopback.answers = [hang_up]
    with pytest.raises(OutcomeUnknownError):
        ask(loopback.url)


def test_silence_ends_with_the_deadline_and_the_outcome_is_unknown(loopback: Loopback) -> None:
    loopback.answers = [loopback.hang]
    assert seconds_until_unknown(loopback.url, 0.5) < 2


def test_one_byte_at_a_time_does_not_outlast_the_deadline(loopback: Loopback) -> None:
    loopback.answers = [loopback.drip]
    assert seconds_until_unknown(loopback.url, 0.7) < 2


def test_an_endless_answer_is_cut_off(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 1000)
    loopback.answers = [http(200, b"x" * 2000)]
    with pytest.raises(OutcomeUnknownError):
        ask(loopback.url)


def test_an_answer_cut_short_leaves_the_outcome_unknown(loopback: Loopback) -> None:
    loopback.answers = [http(200, b"{", headers={"Content-Length": "500"})]
    with pytest.raises(OutcomeUnknownError):
        ask(loopback.url)


def test_what_is_no_http_leaves_the_outcome_unknown(loopback: Loopback) -> None:
    loopback.answers = [lambda connection: connection.sendall(b"220 smtp.example ESMTP\r\n\r\n")]
    with pytest.raises(OutcomeUnknownError):
        ask(loopback.url)


def test_a_redirect_is_not_followed_so_no_secret_goes_elsewhere(loopback: Loopback) -> None:
    with Loopback() as elsewhere:
        loopback.answers = [http(307, b"", headers={"Location": elsewhere.url})]
        assert ask(loopback.url).status == 307
        assert elsewhere.requests == []


def seconds_until_unknown(url: str, deadline: float) -> float:
    started = time.monotonic()
    with pytest.raises(OutcomeUnknownError):
        ask(url, seconds=deadline)
    return time.monotonic() - started
