"""What each fault does to a call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from integrations.sandbox.calls import Answer, Api, Call, Endpoint, RefusedError
from integrations.sandbox.faults import CALL_KINDS, ONLY_WRITES, Fault

# An answer with the status of success and the content of a broken proxy.
_GARBAGE = b'<!DOCTYPE html><html><head><title>Upstream</title></head><body><pre>{"sid": "SM12'

Serve = Callable[[Call], Awaitable[Answer]]
# None means that the connection is closed without an answer.
Mishap = Callable[[Fault, Api, Call, Serve], Awaitable[Answer | None]]


async def serve(api: Api, call: Call, endpoint: Endpoint) -> tuple[Answer | None, Fault | None]:
    """The answer, None when there is to be none, and the fault that had a hand in it."""

    async def as_usual(call: Call) -> Answer:
        return await _refusable(api, call, endpoint)

    kinds = set(CALL_KINDS) - (ONLY_WRITES if call.method == "GET" else set())
    fault = call.world.faults.take(api.name, kinds) if api.name else None
    if fault is None:
        return await as_usual(call), None
    return await _MISHAPS[fault.kind](fault, api, call, as_usual), fault


async def _refusable(api: Api, call: Call, endpoint: Endpoint) -> Answer:
    try:
        api.authorize(call)
        return await endpoint(call)
    except RefusedError as refused:
        return api.refuse(refused)


async def _timeout(fault: Fault, _api: Api, _call: Call, _serve: Serve) -> Answer | None:
    await asyncio.sleep(fault.seconds)
    return None


async def _timeout_after_accept(fault: Fault, _api: Api, call: Call, serve: Serve) -> Answer | None:
    """All is done as asked, and nobody hears of it."""
    await serve(call)
    await asyncio.sleep(fault.seconds)
    return None


async def _refused(_fault: Fault, _api: Api, _call: Call, _serve: Serve) -> Answer | None:
    return None


async def _http_500(_fault: Fault, api: Api, _call: Call, _serve: Serve) -> Answer | None:
    return api.refuse(RefusedError(500, "internal_server_error", "Internal Server Error"))


async def _http_429(fault: Fault, api: Api, _call: Call, _serve: Serve) -> Answer | None:
    wait = str(max(round(fault.seconds), 0))
    return api.refuse(RefusedError(429, "rate_limited", "Too Many Requests", headers={"Retry-After": wait}))


async def _slow(fault: Fault, _api: Api, call: Call, serve: Serve) -> Answer | None:
    await asyncio.sleep(fault.seconds)
    return await serve(call)


async def _garbage(_fault: Fault, _api: Api, _call: Call, _serve: Serve) -> Answer | None:
    """Nothing is accepted."""
    return Answer(200, _GARBAGE, content_type="text/html")


async def _error_code(fault: Fault, api: Api, call: Call, serve: Serve) -> Answer | None:
    """A carrier knows its codes itself; elsewhere a number is a status and a word is the provider's own code."""
    if api.usual_error:
        return await serve(replace(call, forced_error=fault.code or api.usual_error))
    status = int(fault.code) if fault.code.isascii() and fault.code.isdigit() and 400 <= int(fault.code) < 600 else 400
    return api.refuse(RefusedError(status, fault.code or "invalid_request", "The request was refused."))


_MISHAPS: dict[str, Mishap] = {
    "timeout": _timeout,
    "timeout_after_accept": _timeout_after_accept,
    "connection_refused": _refused,
    "http_500": _http_500,
    "http_429": _http_429,
    "slow": _slow,
    "garbage": _garbage,
    "error_code": _error_code,
}
