"""The application stands still, as it does when its database does: who asks is told in time, and others are served."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from aro.stores import patience
from aro.web.limits import LANES, Treatment
from aro.web.request import File
from tests.aro.web.conftest import served, until

POST = "POST {} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}"


class Stalled:
    """An application whose deliveries wait until they are let go."""

    def __init__(self) -> None:
        self.go, self.begun, self.left = threading.Event(), 0, 0.0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/slow"):
            self.begun += 1
            self.left = patience.seconds_left(99)
            self.go.wait(20)
        start("200 OK", [])
        return [b"done"]


def has(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request has so long."""
    given = Treatment(lane="deliveries", seconds=seconds, at_most=60.0)
    monkeypatch.setattr("tests.aro.web.conftest.treat", lambda method, path: given)


def test_while_one_lane_stands_still_its_senders_come_again_and_the_others_are_served() -> None:
    application = Stalled()
    with served(application) as running, ThreadPoolExecutor(40) as crowd:
        began = time.monotonic()
        answers = [crowd.submit(running.ask, POST.format("/slow").encode()) for _ in range(40)]
        time.sleep(0.2)
        for path in ("/health", "/page", "/write", "/reply"):
            asked = time.monotonic()
            assert b" 200 OK" in running.get(path)[:20]
            assert time.monotonic() - asked < 5
        said = [answer.result(20) for answer in answers]
        assert all(one.startswith(b"HTTP/1.1 503") and b"Retry-After: 5\r\n" in one for one in said)
        assert time.monotonic() - began < 10  # half a second each, and what a machine busy with other tests takes
        assert application.begun == LANES["deliveries"]  # nobody who was sent away is served later
        application.go.set()
        time.sleep(0.3)
        assert running.ask(POST.format("/slow").encode()).endswith(b"done")


def test_the_thread_knows_how_long_it_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    has(30.0, monkeypatch)
    application = Stalled()
    application.go.set()
    with served(application) as running:
        running.ask(POST.format("/slow").encode())
        assert 15 < application.left <= 29.7
    assert patience.seconds_left(99) == 99


def test_a_queue_that_moves_is_load_and_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    has(1.5, monkeypatch)

    def steady(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        time.sleep(0.2)
        start("200 OK", [])
        return [b"done"]

    with served(steady) as running, ThreadPoolExecutor(60) as crowd:
        began = time.monotonic()
        said = list(crowd.map(lambda _: running.ask(POST.format("/slow").encode()), range(60)))
        assert time.monotonic() - began > 2.0  # longer than anybody may wait for a lane that stands still
        assert all(one.startswith(b"HTTP/1.1 200") for one in said)


def test_an_application_that_fails_is_answered_and_the_next_request_is_served() -> None:
    def fails(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        raise RuntimeError("a fault")

    with served(fails) as running:
        assert running.get().startswith(b"HTTP/1.1 500")
        assert running.get("/health").startswith(b"HTTP/1.1 200")


class Held:
    """A file that notes its end."""

    def __init__(self) -> None:
        self.left, self.closed = 40, False

    def read(self, size: int) -> bytes:
        self.left -= 1
        return b"x" * size if self.left >= 0 else b""

    def close(self) -> None:
        self.closed = True


def test_a_file_is_read_while_it_is_sent_and_closed_in_any_case() -> None:
    files: list[Held] = []

    def sends(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        files.append(Held())
        start("200 OK", [("Content-Length", str(40 * 65536))])
        wrap: type[File] = environ["wsgi.file_wrapper"]
        return wrap(files[-1])

    with served(sends) as running:
        assert running.get().count(b"x") == 40 * 65536
        running.ask(b"HEAD /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        with running.connect() as line:
            line.sendall(b"GET /x HTTP/1.1\r\nHost: here\r\n\r\n")
            line.recv(10)
        until(lambda: len(files) == 3 and all(file.closed for file in files))


def test_stopping_answers_what_was_asked_and_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    has(30.0, monkeypatch)
    application = Stalled()
    with ThreadPoolExecutor(1) as asking, served(application) as running:
        answer = asking.submit(running.ask, POST.format("/slow").encode())
        until(lambda: application.begun)
        threading.Timer(0.4, application.go.set).start()
    assert answer.result(5).endswith(b"done")
