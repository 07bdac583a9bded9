"""A mail server on this machine that speaks SMTP as RFC 5321 says, and misbehaves on request."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """`recipient` and `data`: its answers to RCPT and to the end of the message. `goes_away`: closes the line instead
    of the latter."""

    port: int = 0
    recipient: str = "250 ok"
    data: str = "250 taken"
    goes_away: bool = False
    letters: list[str] = field(default_factory=list)


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: MailServer = self.server.mail  # type: ignore[attr-defined]
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                if not self._take(server):
                    return
            elif word == "RCPT":
                self._say(server.recipient)
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, server: MailServer) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        if server.goes_away:
            return False
        if server.data.startswith("2"):
            server.letters.append("\n".join(lines))
        self._say(server.data)
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def running() -> Iterator[MailServer]:
    """A server for one test."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line) as server:
        server.daemon_threads = True
        server.mail = MailServer(port=server.server_address[1])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.mail  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join(5)
