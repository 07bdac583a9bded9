"""What is a request and what is none, over a real connection."""

from __future__ import annotations

import pytest

from tests.aro.web.conftest import Running, everything

HEAD = b"POST /x HTTP/1.1\r\nHost: here\r\n"


def test_a_body_in_chunks_is_read_whole(running: Running) -> None:
    said = running.ask(
        HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"
    )
    assert said.startswith(b"HTTP/1.1 200 OK")
    assert said.endswith(b"BODY=abcdefg")
    assert b"CONTENT_LENGTH=7" in said


def test_what_stands_behind_a_body_in_chunks_is_no_header(running: Running) -> None:
    chunked = (
        b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n"
    )
    said = running.ask(HEAD + chunked)
    assert said.endswith(b"BODY=abc")
    assert b"9.9.9.9" not in said


def test_who_asks_before_sending_the_body_is_told_to_go_on(running: Running) -> None:
    with running.connect() as line:
        line.sendall(HEAD + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"hello")
        assert everything(line).endswith(b"BODY=hello")


def test_requests_sent_ahead_are_answered_in_order_on_one_connection(running: Running) -> None:
    ahead = b"".join(b"GET /%d HTTP/1.1\r\nHost: here\r\n\r\n" % n for n in range(20))
    said = running.ask(ahead + b"GET /last HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    places = [said.index(b"PATH_INFO=/%d\n" % n) for n in range(20)]
    assert places == sorted(places)
    assert said.count(b"HTTP/1.1 200 OK") == 21
    assert said.count(b"Connection: close") == 1


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        HEAD + b"Content-Length: +3\r\n\r\nabc",
        HEAD + b"Content-Length: 3, 3\r\n\r\nabc",
        HEAD + b"Content-Length: 99999999999999999999\r\n\r\nabc",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Host: there\r\nContent-Length: 0\r\n\r\n",
        b"POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /x HTTP/0.9\r\n\r\n",
        b"GET /x HTTP/2.0\r\nHost: here\r\n\r\n",
        b"GET /x RTSP/1.0\r\nHost: here\r\n\r\n",
        b"\r\nOPTIONS /x RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        b"GET /x HTTP/1.1\r\n\r\n",
        b"GET /x HTTP/1.1\nHost: here\n\n",
        b"GET /x HTTP/1.1\r\nHost: here\r\nFolded: a\r\n b\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: here\r\nA: b\x00c\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nHost: here\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GARBAGE\r\n\r\n",
    ],
)
def test_what_two_servers_could_read_differently_is_refused_and_ends_the_connection(
    running: Running, raw: bytes
) -> None:
    said = running.ask(raw + b"GET /smuggled HTTP/1.1\r\nHost: here\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 Bad Request")
    assert b'"code": "VALIDATION_ERROR"' in said
    assert b"smuggled" not in said
    assert said.count(b"HTTP/1.1") == 2  # the status line, and the message


def test_a_tunnel_is_refused(running: Running) -> None:
    assert running.ask(b"CONNECT mail:25 HTTP/1.1\r\nHost: mail:25\r\n\r\n").startswith(b"HTTP/1.1 405")


def test_a_wish_for_another_protocol_is_answered_in_this_one(running: Running) -> None:
    said = running.ask(
        b"GET /x HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nPRI * HTTP/2.0\r\n\r\n"
    )
    assert said.startswith(b"HTTP/1.1 200 OK")
    assert said.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: here\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: here\r\nCookie: " + b"x" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: here\r\nCookie: " + b"x" * 40_000,
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    ],
)
def test_a_head_that_is_too_large_is_refused_before_it_is_whole(running: Running, raw: bytes) -> None:
    assert running.ask(raw).startswith(b"HTTP/1.1 431")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(running: Running) -> None:
    announced = running.ask(HEAD + b"Content-Length: 2000000\r\n\r\n" + b"x" * 300_000)
    chunked = running.ask(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1E8480\r\n" + b"x" * 1_500_000)
    assert announced.startswith(b"HTTP/1.1 413")
    assert chunked.startswith(b"HTTP/1.1 413")


def test_header_names_with_an_underscore_cannot_pass_for_others(running: Running) -> None:
    said = running.get(extra="X_Forwarded_For: 127.0.0.1\r\nX-Twice: a\r\nX-Twice: b\r\nCookie: a=1\r\nCookie: b=2\r\n")
    assert b"FORWARDED" not in said
    assert b"HTTP_X_TWICE=a,b\n" in said
    assert b"HTTP_COOKIE=a=1; b=2\n" in said


def test_a_probe_needs_no_application_and_a_head_request_gets_no_body(running: Running) -> None:
    assert running.get("/health").endswith(b'\r\n\r\n{"status": "ok"}')
    probed = running.ask(b"HEAD /health HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    assert probed.endswith(b"\r\n\r\n")
    assert b"Content-Length: 16" in probed
    assert b"PATH_INFO=/health/x" in running.get("/health/x")


def test_an_old_client_is_answered_and_may_keep_its_connection(running: Running) -> None:
    closed = running.ask(b"GET /x HTTP/1.0\r\n\r\n")
    kept = running.ask(b"GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /y HTTP/1.0\r\n\r\n")
    assert b"Connection: close" in closed
    assert kept.count(b"HTTP/1.1 200 OK") == 2


def test_an_address_is_decoded_once_and_a_proxys_form_is_understood(running: Running) -> None:
    said = running.get("/a%2520b?c=%20d")
    assert b"PATH_INFO=/a%20b\n" in said
    assert b"QUERY=c=%20d" in said
    assert b"PATH_INFO=/p\n" in running.get("http://elsewhere:80/p?q")


def test_what_was_sent_whole_is_answered_even_if_nothing_more_can_be_sent(running: Running) -> None:
    with running.connect() as line:
        line.sendall(b"GET /x HTTP/1.1\r\nHost: here\r\n\r\n")
        line.shutdown(1)
        assert everything(line).startswith(b"HTTP/1.1 200 OK")
