"""One connection: reads a request whole, has it answered, then reads the next, and keeps every deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import httptools

from aro.web import answer as answers
from aro.web.answer import Answer
from aro.web.incoming import Incoming
from aro.web.limits import Limits
from aro.web.objections import objection
from aro.web.request import Request


class House(Protocol):
    """What a connection needs of its server."""

    limits: Limits
    stopping: bool

    def opened(self, connection: Connection) -> None: ...
    def closed(self, connection: Connection) -> None: ...
    def may_hold(self, more: int) -> bool: ...
    def holds(self, more: int) -> None: ...
    def begin(self, request: Request, connection: Connection) -> Answer | None: ...
    def polite(self, request: Request | None, answer: Answer) -> Answer: ...
    @property
    def count(self) -> Callable[[str], None]: ...


class Connection(asyncio.BufferedProtocol):
    """All methods run in the reading thread.

    Who sends ahead is not read ahead: while an answer is being made or sent, nothing is parsed, and once a piece has
    come nothing more is read. So a connection costs one request and one piece, however much is sent.
    """

    def __init__(self, house: House) -> None:
        self._house, self._limits = house, house.limits
        self._parser = httptools.HttpRequestParser(self)
        self._room, self._incoming = bytearray(), Incoming()
        self._reading: Request | None = None
        self._whole: Request | None = None
        self._in_body = self._deaf = self._writable = self._leaving = False
        self._answering: Request | None = None
        self._sending: Answer | None = None
        self._held = self._written = 0
        self._head = bytearray()
        self.served = 0
        self.since = time.monotonic()

    # -- what asyncio calls

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport
        transport.set_write_buffer_limits(high=0)
        self._writable = True
        self.peer = (transport.get_extra_info("peername") or ("", 0))[:2]
        self.here = (transport.get_extra_info("sockname") or ("", 0))[:2]
        self._house.opened(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        self._room = bytearray(self._limits.piece_bytes)
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        received, self._room = bytes(memoryview(self._room)[:nbytes]), bytearray()
        if not self._deaf:
            self._incoming.add(received)
            self._go_on()

    def eof_received(self) -> bool:
        """The other side sends nothing more. What it has sent whole is answered."""
        self._hear_no_more()
        return not self._leaving and self.is_busy

    def connection_lost(self, exc: Exception | None) -> None:
        self._deaf = True
        self._close_file()
        self._house.holds(-self._held)
        self._held = 0
        self._house.closed(self)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._go_on_sending()
        self._go_on()

    # -- from one request to the next

    def _go_on(self) -> None:
        """Reads and begins one request after the other, until there is something to wait for. In a loop: where each
        answer called for the next request, a thousand sent ahead would be a thousand calls deep."""
        while self._incoming and not (self.is_busy or self._deaf or self.transport.is_closing()):
            self._parse(self._incoming.take(self._reading.missing if self._reading and self._in_body else None))
            if self._whole is not None:
                self._begin(self._whole)
        if self._incoming:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _parse(self, piece: bytes) -> None:
        if not self._in_body:
            self._head += piece
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            self._hear_no_more()  # what follows would be another protocol
        except httptools.HttpParserError:
            self._refuse(answers.MALFORMED, "malformed")
        if not self._in_body and len(self._head) > self._limits.head_bytes:
            self._refuse(answers.HEAD_TOO_LARGE, "head too large")

    def _begin(self, request: Request) -> None:
        self._answering, self._whole = request, None
        at_once = self._house.begin(request, self)
        if at_once is not None:
            self._answer(at_once)

    # -- what the parser calls

    def on_message_begin(self) -> None:
        self._reading, self._in_body = Request(), False
        self.since = time.monotonic()

    def on_url(self, url: bytes) -> None:
        if self._reading is not None:
            self._reading.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        # What stands behind a body in chunks is no header: nobody has looked at it as one (RFC 9110, 6.5.1).
        if self._reading is not None and not self._in_body:
            self._reading.headers.append((name, value))

    def on_headers_complete(self) -> None:
        request = self._reading
        if request is None:
            return
        self._in_body, self.since = True, time.monotonic()
        request.method = self._parser.get_method().decode("ascii", "replace")
        request.version = self._parser.get_http_version()
        request.keep_alive = self._parser.should_keep_alive()
        refused, self._head = objection(request, head=bytes(self._head), limits=self._limits), bytearray()
        if refused is not None:
            self._refuse(refused, "head refused")
        elif request.values(b"expect") == [b"100-continue"]:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        request = self._reading
        if request is None:
            return
        if len(request.body) + len(body) > self._limits.body_bytes:
            self._refuse(answers.BODY_TOO_LARGE, "body too large")
        elif not self._hold(len(request.body) + len(body) - max(self._limits.small_body_bytes, len(request.body))):
            self._refuse(answers.FULL, "no room for bodies")
        else:
            request.body += body

    def _hold(self, more: int) -> bool:
        """Takes `more` bytes of the room that large bodies share; False when there is none."""
        if more <= 0:
            return True
        if not self._house.may_hold(more):
            return False
        self._house.holds(more)
        self._held += more
        return True

    def on_message_complete(self) -> None:
        request, self._reading, self._in_body = self._reading, None, False
        if request is None:
            return
        request.arrived = self.since = time.monotonic()
        self._whole = request

    # -- answers

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being made or sent."""
        return self._answering is not None or self._sending is not None

    def answered(self, answer: Answer) -> None:
        """The answer to the request that was begun."""
        self._answer(answer)
        self._go_on()

    def _answer(self, answer: Answer) -> None:
        request, self._answering = self._answering, None
        if self.transport.is_closing() or request is None:
            if answer.file is not None:
                answer.file.close()
            return
        self._send(answer, request)

    def _send(self, answer: Answer, request: Request | None) -> None:
        answer = self._house.polite(request, answer)
        keep = bool(request and request.keep_alive) and not (answer.close or self._deaf or self._house.stopping)
        self._leaving, self._sending, self._written = not keep, answer, 0
        self.since = time.monotonic()
        head = answer.head(version=request.version if request else "1.1", keep_alive=keep)
        bodiless = request is not None and request.method == "HEAD"
        if bodiless:
            self._close_file()
        self._write(head if bodiless else head + answer.body)
        self._go_on_sending()

    def _write(self, data: bytes) -> None:
        self._written += len(data)
        self.transport.write(data)

    def _go_on_sending(self) -> None:
        """The next pieces of a file, as long as the other side takes them."""
        while self._writable and self._sending is not None and self._sending.file is not None:
            piece = self._sending.file.read()
            if piece:
                self._write(piece)
            else:
                self._close_file()
        if self._writable and self._sending is not None:
            self._sent()

    def _sent(self) -> None:
        self._sending, self.since = None, time.monotonic()
        self.served += 1
        self._house.holds(-self._held)
        self._held = 0
        if self._leaving:
            self._leave()

    def _close_file(self) -> None:
        if self._sending is not None and self._sending.file is not None:
            self._sending.file.close()
            self._sending.file = None

    # -- refusing and leaving

    def _refuse(self, answer: Answer, reason: str) -> None:
        if self._deaf:
            return
        self._hear_no_more()
        self._house.count(reason)
        if not self.transport.is_closing():
            self._send(answer, None)

    def _hear_no_more(self) -> None:
        self._deaf, self._reading, self._in_body, self._incoming = True, None, False, Incoming()

    def _leave(self) -> None:
        """Ends politely: the other side may still be sending, and would lose the answer if we hung up on it."""
        self._hear_no_more()
        if self.transport.can_write_eof() and not self.transport.is_closing():
            # Whoever has hung up meanwhile needs no good-bye, and asyncio learns of it a moment later.
            with suppress(OSError):
                self.transport.write_eof()

    # -- deadlines

    def overdue(self, now: float) -> str:
        """Why this connection must end now; empty while it may go on."""
        late = now - self.since
        if self._sending is not None:
            taken = self._written - self.transport.get_write_buffer_size()
            return "slow reader" if late > self._allowed(self._limits.answer_seconds, taken) else ""
        if self._answering is not None:
            return "unanswered" if late > self._limits.unanswered_seconds else ""
        if self._leaving or self._deaf:
            return "left" if late > self._limits.farewell_seconds else ""
        return self._late_in_reading(late)

    def _late_in_reading(self, late: float) -> str:
        if self._reading is None:
            quiet = self._limits.idle_seconds if self.served else self._limits.head_seconds
            return "idle" if late > quiet else ""
        if self._in_body:
            return "slow body" if late > self._allowed(self._limits.body_seconds, len(self._reading.body)) else ""
        return "slow head" if late > self._limits.head_seconds else ""

    def _allowed(self, seconds: float, moved: int) -> float:
        return seconds + moved / self._limits.bytes_a_second

    def end(self, reason: str) -> None:
        """Ends it because of `reason`; whoever was sending too slowly is told."""
        if reason in ("slow head", "slow body"):
            self._refuse(answers.TOO_SLOW, reason)
            return
        self._house.count(reason)
        self.transport.abort()
