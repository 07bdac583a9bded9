"""Tornado around the endpoints: finds the function, records the call, answers or drops the connection."""

from __future__ import annotations

import json
import logging
import socket
import struct
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from tornado.routing import URLSpec
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler

from integrations.sandbox import control, llm, page
from integrations.sandbox.booking import acuity, calcom, calendly_api, easyappointments, square
from integrations.sandbox.calls import Answer, Api, Call, Endpoint, RefusedError
from integrations.sandbox.messaging import mail, resend_api, telnyx_api, twilio_api
from integrations.sandbox.mishaps import serve
from integrations.sandbox.paying import stripe_api
from integrations.sandbox.visitors import refuse_strangers
from integrations.sandbox.world import World

logger = logging.getLogger(__name__)

PROVIDERS: tuple[Api, ...] = (
    twilio_api.API,
    telnyx_api.API,
    stripe_api.API,
    calendly_api.API,
    acuity.API,
    square.API,
    calcom.API,
    easyappointments.API,
    llm.API,
    mail.API,
    resend_api.API,
)
LONGEST_RECORDED_BODY = 65_536
_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
# Closing with a linger of zero seconds resets the connection instead of ending it politely.
_RESET = struct.pack("ii", 1, 0)


class EndpointHandler(RequestHandler):
    """One path; its methods are plain functions."""

    def initialize(self, world: World, api: Api, methods: Mapping[str, Endpoint]) -> None:
        self.world, self.api, self.methods = world, api, methods

    def set_default_headers(self) -> None:
        self.set_header("Server", "aro-sandbox")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> None:
        try:
            refuse_strangers(self.request)
        except RefusedError as refused:
            self._send(self.api.refuse(refused))
            self.finish()

    async def _handle(self, *args: str) -> None:
        call = self._call(args)
        seq = self._record(call)
        answer, fault = await serve(self.api, call, self.methods.get(call.method, self._no_method))
        if seq is not None:
            self.world.requests.finish(
                seq, status=answer.status if answer else None, fault=fault.kind if fault else None
            )
        if answer is None:
            self._drop()
        else:
            self._send(answer)

    get = post = put = patch = delete = options = _handle

    async def _no_method(self, _call: Call) -> Answer:
        if not self.methods:
            raise RefusedError(404, "NOT_FOUND", "There is nothing at this path.")
        allowed = ", ".join(self.methods)
        raise RefusedError(405, "METHOD_NOT_ALLOWED", f"Use {allowed} here.", headers={"Allow": allowed})

    def _call(self, args: tuple[str, ...]) -> Call:
        request = self.request
        return Call(
            world=self.world,
            method=request.method or "GET",
            path=request.path,
            args=args,
            query=dict(parse_qsl(request.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body,
        )

    def _record(self, call: Call) -> int | None:
        """Calls to a provider are kept; those to the sandbox itself are not."""
        if not self.api.name:
            return None
        return self.world.requests.add(
            at=self.world.iso_now(),
            provider=self.api.name,
            method=call.method,
            address=self.request.uri or call.path,
            headers=dict(self.request.headers.items()),
            body=call.body[:LONGEST_RECORDED_BODY].decode("utf-8", "replace"),
        )

    def _send(self, answer: Answer) -> None:
        self.set_status(answer.status)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        if answer.status == 204:
            self.clear_header("Content-Type")
            return
        self.set_header("Content-Type", answer.content_type)
        self.write(answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode())

    def _drop(self) -> None:
        stream = self.detach()
        if stream.socket is not None:
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        stream.close()

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        words = "The sandbox failed; its log says why." if status_code >= 500 else "The request could not be read."
        code = "INTERNAL_ERROR" if status_code >= 500 else "VALIDATION_ERROR"
        self._send(self.api.refuse(RefusedError(status_code, code, words)))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """The route and the trace; never the address that was called, which may hold a phone number."""
        logger.error("%s failed", self.api.name or "control", exc_info=(typ, value, tb))


class PageFiles(StaticFileHandler):
    """Scripts and styles, asked for anew each time, so that an update is seen at once."""

    def prepare(self) -> None:
        try:
            refuse_strangers(self.request)
        except RefusedError as refused:
            raise HTTPError(refused.status) from refused

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")


def application(world: World) -> Application:
    # The paths are the provider's own, with and without what the SDKs add, so each route is a whole expression.
    rules: list[URLSpec | tuple[Any, ...]] = []
    for api in (control.API, *PROVIDERS):
        rules += [_spec(world, api, pattern, methods) for pattern, methods in api.routes.items()]
    rules += [_spec(world, api, f"{api.prefix}(?:/.*)?", {}) for api in PROVIDERS]
    rules += [_spec(world, control.API, "/", {"GET": page.home})]
    rules += [_spec(world, control.API, "/checkout/(plink_[0-9A-Za-z]+)", {"GET": page.checkout})]
    rules += [URLSpec("/static/(.*)", PageFiles, {"path": str(page.STATIC)})]
    rules += [_spec(world, control.API, ".*", {})]
    return Application(rules, log_function=_log)


def _spec(world: World, api: Api, pattern: str, methods: Mapping[str, Endpoint]) -> URLSpec:
    return URLSpec(pattern, EndpointHandler, {"world": world, "api": api, "methods": methods})


def _log(handler: RequestHandler) -> None:
    """Only what went wrong here, and no address: it may hold a phone number."""
    if handler.get_status() >= 500 and isinstance(handler, EndpointHandler) and not handler.api.name:
        logger.error("the sandbox answered %s", handler.get_status())
