"""A connection that serves a second call, against servers that end, delay or spoil it."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aro import connections, outbound
from integrations.providers.shared import provider_answers, transport
from integrations.providers.shared.base import OutcomeUnknownError, UnavailableError
from integrations.providers.shared.transport import Call
from tests.integrations.loopback import Answer, Loopback, hang_up, http
from tests.own_redis import behind_tls

KEPT = {"Connection": "keep-alive"}
OK = http(200, {"answer": "right"}, headers=KEPT)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as made:
        made.keeps, made.answers = True, [OK]
        yield made


@pytest.fixture
def fresh() -> Iterator[None]:
    """What was read from the environment is read anew within the test, and after it."""
    remembered: list[Callable[[], None]] = [
        outbound._tls.cache_clear,
        outbound._session.cache_clear,
        outbound._proxies_to.cache_clear,
    ]
    for forget in remembered:
        forget()
    yield
    for forget in remembered:
        forget()


def ask(url: str, *, seconds: float = 5.0, method: str = "POST") -> transport.Answer:
    return transport.call(call_to(url, seconds=seconds, method=method))


def call_to(url: str, *, seconds: float = 5.0, method: str = "POST") -> Call:
    return Call(method=method, url=url, headers={"Authorization": "Bearer token"}, data="a=b", deadline_seconds=seconds)


def then(answer: Answer, end: Callable[[socket.socket], None]) -> tuple[Answer, threading.Event]:
    """An answer that promises to keep the connection, and what is done to it right after; an event when it is done."""
    done = threading.Event()

    def both(connection: socket.socket) -> None:
        answer(connection)
        end(connection)
        done.set()

    return both, done


def close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_call_soon_after_uses_the_same_connection(server: Loopback) -> None:
    assert [ask(server.url).status, ask(server.url).status] == [200, 200]
    assert (len(server.requests), server.connections) == (2, 1)


def test_an_answer_without_a_body_leaves_the_connection_for_the_next_call(server: Loopback) -> None:
    server.answers = [lambda connection: connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n"), OK]
    assert [ask(server.url).status, ask(server.url).status] == [204, 200]
    assert server.connections == 1


def test_an_answer_in_pieces_leaves_the_connection_for_the_next_call(server: Loopback) -> None:
    pieces = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    server.answers = [lambda connection: connection.sendall(pieces), OK]
    assert [ask(server.url).text, ask(server.url).status] == ["abc", 200]
    assert server.connections == 1


def test_calls_at_the_same_time_have_connections_of_their_own(server: Loopback) -> None:
    both_asked = threading.Barrier(2)

    def answer(connection: socket.socket) -> None:
        both_asked.wait(10)
        OK(connection)

    server.answers = [answer]
    with ThreadPoolExecutor(2) as pool:
        assert [one.status for one in pool.map(ask, [server.url] * 2)] == [200, 200]
    assert server.connections == 2


def test_a_server_that_says_it_closes_is_connected_to_anew(server: Loopback) -> None:
    server.keeps, server.answers = False, [http(200, {})]
    assert [ask(server.url).status, ask(server.url).status] == [200, 200]
    assert server.connections == 2


@pytest.mark.parametrize("end", [close, reset])
def test_a_server_that_ends_an_idle_connection_is_connected_to_anew(
    server: Loopback, end: Callable[[socket.socket], None]
) -> None:
    ending, ended = then(OK, end)
    server.answers = [ending, OK]
    ask(server.url)
    assert ended.wait(10)
    assert ask(server.url).status == 200
    assert (len(server.requests), server.connections) == (2, 2)


def test_an_idle_connection_is_closed_after_a_moment(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.05)
    closed = threading.Event()
    waiting, _ = then(OK, lambda connection: closed.set() if connection.recv(1) == b"" else None)
    server.answers = [waiting, OK]
    ask(server.url)
    assert closed.wait(10)
    assert ask(server.url).status == 200
    assert server.connections == 2


def test_a_server_that_hangs_up_on_the_second_request_leaves_its_outcome_unknown(server: Loopback) -> None:
    server.answers = [OK, then(hang_up, close)[0]]
    ask(server.url)
    with pytest.raises(OutcomeUnknownError):
        ask(server.url)
    assert (len(server.requests), server.connections) == (2, 1), "it is not sent again"


def test_a_question_that_got_lost_on_a_second_use_is_no_answer(server: Loopback) -> None:
    server.answers = [OK, then(hang_up, close)[0]]
    ask(server.url)
    with pytest.raises(UnavailableError):
        provider_answers.ask(call_to(server.url, method="GET"))


def test_an_answer_cut_short_on_a_second_use_leaves_the_outcome_unknown(server: Loopback) -> None:
    short, _ = then(http(200, b"{", headers={**KEPT, "Content-Length": "500"}), close)
    server.answers = [OK, short]
    ask(server.url)
    with pytest.raises(OutcomeUnknownError):
        ask(server.url)


@pytest.mark.parametrize("slow", ["hang", "drip", "drip_body"])
def test_the_deadline_holds_on_a_second_use_and_the_connection_is_given_up(server: Loopback, slow: str) -> None:
    server.answers = [OK, getattr(server, slow), OK]
    ask(server.url)
    assert seconds_until_unknown(server.url, 0.5) < 2
    assert ask(server.url).status == 200
    assert server.connections == 2


def test_the_deadline_of_a_call_that_has_its_answer_ends_no_other_call(server: Loopback) -> None:
    def after_the_first_deadline(connection: socket.socket) -> None:
        time.sleep(0.8)
        OK(connection)

    server.answers = [OK, after_the_first_deadline]
    with outbound.session(seconds=0.4) as (session, watch):
        with session.post(server.url, data="a=b", stream=True) as answer:
            outbound.body(answer, largest=1000)
        assert ask(server.url).status == 200
        assert watch.expired
    assert server.connections == 1


def test_a_connection_with_too_large_an_answer_on_it_is_not_used_again(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 1000)
    server.answers = [http(200, b"x" * 200_000, headers=KEPT), OK]
    with pytest.raises(OutcomeUnknownError):
        ask(server.url)
    assert ask(server.url).text == '{"answer": "right"}'
    assert server.connections == 2


def test_what_nobody_asked_for_is_nobodys_answer(server: Loopback) -> None:
    chatty, said = then(OK, lambda connection: http(200, {"answer": "wrong"}, headers=KEPT)(connection))
    server.answers = [chatty, OK]
    ask(server.url)
    assert said.wait(10)
    assert ask(server.url).text == '{"answer": "right"}'


def test_a_redirect_is_an_answer_like_others_and_followed_nowhere(server: Loopback) -> None:
    with Loopback() as elsewhere:
        server.answers = [http(307, b"over there", headers={**KEPT, "Location": elsewhere.url}), OK]
        assert [ask(server.url).status, ask(server.url).status] == [307, 200]
        assert (elsewhere.connections, server.connections) == (0, 1)


def test_a_cookie_is_not_brought_back(server: Loopback) -> None:
    server.answers = [http(200, {}, headers={**KEPT, "Set-Cookie": "who=somebody"}), OK]
    ask(server.url)
    ask(server.url)
    assert b"cookie" not in server.requests[1].lower()


def test_proxies_are_used_as_the_environment_says(
    server: Loopback, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Loopback() as direct:
        direct.answers = [OK]
        assert [ask("http://api.invalid/a").status, ask("http://api.invalid/b").status] == [200, 200]
        assert ask(direct.url).status == 200
        assert direct.connections == 1
    assert [request.split(b" ")[1] for request in server.requests] == [b"http://api.invalid/a", b"http://api.invalid/b"]


@pytest.fixture
def secure(server: Loopback, fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of the same server behind TLS, with a certificate for 127.0.0.1 that the environment says is good."""
    with behind_tls(tmp_path, port=int(server.url.rpartition(":")[2])) as (port, certificate):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        yield port


def test_over_tls_a_second_call_needs_no_second_handshake(server: Loopback, secure: int) -> None:
    assert [ask(f"https://127.0.0.1:{secure}").status for _ in range(3)] == [200, 200, 200]
    assert server.connections == 1


def test_over_tls_the_deadline_holds_on_a_second_use(server: Loopback, secure: int) -> None:
    server.answers = [OK, server.drip, OK]
    ask(f"https://127.0.0.1:{secure}")
    assert seconds_until_unknown(f"https://127.0.0.1:{secure}", 0.5) < 2


def test_a_certificate_for_another_name_is_refused_before_anything_is_sent(server: Loopback, secure: int) -> None:
    with pytest.raises(UnavailableError):
        ask(f"https://localhost:{secure}")
    assert server.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(
    server: Loopback, secure: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(UnavailableError):
        ask(f"https://127.0.0.1:{secure}")
    assert server.requests == []


def seconds_until_unknown(url: str, deadline: float) -> float:
    started = time.monotonic()
    with pytest.raises(OutcomeUnknownError):
        ask(url, seconds=deadline)
    return time.monotonic() - started
