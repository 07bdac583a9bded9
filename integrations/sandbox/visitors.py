"""Who may speak to the sandbox: programs and browsers on this machine that know whom they speak to.

It listens on loopback only, but a browser on this machine carries other sites' requests there as well: under a name of
theirs that suddenly resolves to 127.0.0.1 (DNS rebinding: the Host header says so), or from their own page (the Origin
header says so). Without a login that would let any web page read the phones, move the clock and play patients.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest

from integrations.sandbox.calls import RefusedError

HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def refuse_strangers(request: HTTPServerRequest) -> None:
    """Raises RefusedError for a Host or an Origin that is not this machine."""
    names = [f"//{host}" for host in request.headers.get_list("Host")] or ["//missing"]
    if not all(map(_is_here, [*names, *request.headers.get_list("Origin")])):
        raise RefusedError(
            403,
            "FORBIDDEN",
            "The sandbox answers this machine only, under 127.0.0.1 or localhost. Open it with the address that "
            "`aro up` shows.",
        )


def _is_here(address: str) -> bool:
    try:
        return urlsplit(address).hostname in HERE
    except ValueError:
        return False
