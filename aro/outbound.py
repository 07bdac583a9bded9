"""HTTP calls out that surely end, with the limit that no HTTP library has.

The deadline holds for the whole call, from the connection to the last byte (`aro.connections`). What the environment
says of proxies and certificates is read once: a process's environment does not change, and to look for it twice in each
call costs more than to send it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

from aro.connections import POOLS, Watch, watching

_CHUNK = 65_536
_MOST_HOSTS = 64


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, proxy_ssl_context=_tls(), **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": _tls()} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """The context has it all. What is set here would be read from its file for each connection: 15 ms."""


class _Session(requests.Session):
    """One for all calls of all threads. It learns nothing from an answer: no cookie is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.mount("http://", _Adapter())
        self.mount("https://", _Adapter())
        # Else a name and password in an address would replace our Authorization header.
        self.auth = _leave_alone

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        return {"proxies": _proxies(url), "stream": bool(stream), "verify": True, "cert": None}

    def rebuild_proxies(self, prepared_request: requests.PreparedRequest, proxies: Any) -> Any:
        """A redirect may lead to where another proxy is for, or none."""
        return super().rebuild_proxies(prepared_request, _proxies(prepared_request.url))  # type: ignore[no-untyped-call]


def _leave_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _proxies(url: str | bytes | None) -> dict[str, str]:
    there = urlsplit(str(url))
    return _proxies_to(there.scheme, there.netloc.rpartition("@")[2])


@lru_cache(_MOST_HOSTS)
def _proxies_to(scheme: str, host: str) -> dict[str, str]:
    return dict(_environment(f"{scheme}://{host}/")["proxies"])


@cache
def _tls() -> SSLContext:
    """Made once: reading the certificates takes as long as several calls."""
    context = create_urllib3_context()
    named = _environment("https://-/")["verify"]
    bundle = named if isinstance(named, str) else DEFAULT_CA_BUNDLE_PATH
    kind = "capath" if Path(bundle).is_dir() else "cafile"
    context.load_verify_locations(**{kind: bundle})
    return context


def _environment(url: str) -> Any:
    """What `requests` finds there for an address."""
    return requests.Session().merge_environment_settings(url, {}, None, None, None)


@cache
def _session() -> _Session:
    return _Session()


@contextmanager
def session(*, seconds: float) -> Iterator[tuple[requests.Session, Watch]]:
    """The session for one call that ends within `seconds`, and what is known of the call.

    An answer that came without a length looks complete when the deadline cut it off: ask `Watch.expired` after reading.
    """
    with watching(seconds) as watch:
        yield _session(), watch


def body(response: requests.Response, *, largest: int) -> bytes:
    """The content of a response that was asked for with `stream=True`; `ValueError` when it is over `largest` bytes."""
    read = bytearray()
    for chunk in response.iter_content(_CHUNK):
        read += chunk
        if len(read) > largest:
            raise ValueError("the answer is too large")
    return bytes(read)
