"""A real sandbox process, and a small real HTTP server in ARO's place that keeps what it is sent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from aro.ops.unused_ports import unused_port
from aro.project import ROOT

START_SECONDS = 60


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes
    answered_at: float


@dataclass
class Receiver:
    """Stands where ARO's web process stands. `status` is what it answers, after `pause` seconds.

    It hangs up on the next `hang_ups` calls instead, as a process does that is killed in the middle.
    """

    port: int
    status: int = 200
    pause: float = 0.0
    hang_ups: int = 0
    begun: int = 0
    """How many calls have come in, answered or not."""
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self, path: str) -> list[Received]:
        return [item for item in self.received if item.path.startswith(path)]

    def wait(self, path: str, count: int, seconds: float = 30) -> list[Received]:
        wait_until(lambda: len(self.on(path)) >= count, seconds, f"{count} requests on {path}")
        return self.on(path)

    def bodies(self, provider: str, count: int) -> list[dict[str, Any]]:
        return [json.loads(item.body) for item in self.wait(f"/webhooks/{provider}", count)]


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.02)


def serve_at(receiver: Receiver) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.begun += 1
            headers = {name.lower(): value for name, value in self.headers.items()}
            time.sleep(receiver.pause)
            if receiver.hang_ups:
                receiver.hang_ups -= 1
                return
            receiver.received.append(Received(self.path, headers, body, time.monotonic()))
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    server = Server(("127.0.0.1", receiver.port), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


@dataclass
class Sandbox:
    """One process; `start` after `kill` brings up another on the same files."""

    home: Path
    port: int
    web_port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        names = {"ARO_HOME": str(self.home), "SANDBOX_PORT": str(self.port), "PORT": str(self.web_port)}
        command = [sys.executable, "-m", "integrations.sandbox"]
        with (self.home / "log").open("ab") as log:
            env = {"PATH": os.environ["PATH"], **names, **self.environment}
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=log)
        wait_until(self._answers, START_SECONDS, "the sandbox")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return requests.get(self.url + "/clock", timeout=2).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def end(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)

    def log(self) -> str:
        return (self.home / "log").read_text(encoding="utf-8")

    def call(self, method: str, path: str, body: object = None, timeout: float = 20) -> requests.Response:
        return requests.request(method, self.url + path, json=body, timeout=timeout)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.ok, answer.text
        return answer.json()

    def post(self, path: str, **body: object) -> Any:
        answer = self.call("POST", path, body)
        assert answer.ok, answer.text
        return answer.json()

    def book(self, **body: object) -> Any:
        visit = {
            "provider": "calendly",
            "name": "Ana Diaz",
            "phone": "+12025550100",
            "service": "Checkup",
            "starts_at": "2027-03-16T15:00:00Z",
            "timezone": "America/New_York",
        }
        return self.post("/book", **(visit | body))

    def now(self) -> float:
        """Unix seconds by the sandbox's clock."""
        return time.time() + float(self.get("/clock")["offset_seconds"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(unused_port())
    server = serve_at(receiver)
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def one_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Receiver]]:
    """Shared for speed: each test gets it with an empty ledger and no faults."""
    receiver = Receiver(unused_port())
    server = serve_at(receiver)
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), unused_port(), receiver.port)
    sandbox.start()
    yield sandbox, receiver
    sandbox.end()
    server.shutdown()
    server.server_close()


@pytest.fixture
def world(one_sandbox: tuple[Sandbox, Receiver]) -> tuple[Sandbox, Receiver]:
    """The running sandbox and who stands in ARO's place."""
    sandbox, receiver = one_sandbox
    receiver.status = 200
    sandbox.call("DELETE", "/faults")
    wait_until(lambda: is_quiet(sandbox), 30, "the last test's callbacks")
    sandbox.call("DELETE", "/ledger")
    receiver.received.clear()
    return sandbox, receiver


def is_quiet(sandbox: Sandbox) -> bool:
    """Every text has ended and every callback is delivered."""
    state = sandbox.get("/state")
    final = {"delivered", "undelivered", "failed", "received"}
    return state["callbacks_waiting"] == 0 and all(message["status"] in final for message in state["messages"])


@pytest.fixture
def own_sandbox(tmp_path: Path, receiver: Receiver) -> Iterator[Sandbox]:
    """A process of the test's own, for what kills or configures it."""
    sandbox = Sandbox(tmp_path, unused_port(), receiver.port)
    sandbox.start()
    yield sandbox
    if sandbox.process is not None and sandbox.process.poll() is None:
        sandbox.end()
