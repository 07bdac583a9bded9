"""The broker's address, read in this one place: a Redis or Valkey over TCP, over TLS, or on a unix socket.

    redis://[user:password@]host[:6379][/database]     rediss:// the same over TLS (?ssl_ca_certs=/file and the like)
    unix://[user:password@]/path/to.sock[?db=0]        redis+socket:// the same, as kombu spells it (?virtual_host=0)

Users and passwords are percent-encoded, an IPv6 host is in brackets. Nothing here shows the password.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from aro.console import PlainError

DEFAULT_PORT = 6379
_SOCKETS = ("unix", "redis+socket")
_TLS = "rediss"
_REQUIRED = {"required": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL, "none": ssl.CERT_NONE}
_TLS_OPTIONS = ("ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname")
_EXAMPLES = "redis://:password@host:6379/0, rediss://... for TLS, or unix:///path/to.sock"


@dataclass(frozen=True)
class BrokerAddress:
    """Where the broker is. `path` is set for a unix socket, `host` and `port` otherwise."""

    host: str = ""
    port: int = DEFAULT_PORT
    path: str = ""
    database: int = 0
    username: str = ""
    password: str = field(default="", repr=False)
    tls: Mapping[str, str] | None = None
    """The options of TLS, by the names that redis-py has for them; None without TLS."""

    @property
    def shown(self) -> str:
        """For people: never with the password."""
        return self.path or f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def celery_url(self) -> str:
        """As kombu spells it."""
        if self.path:
            return f"redis+socket://{self._login()}{quote(self.path)}?virtual_host={self.database}"
        scheme, query = ("redis", "") if self.tls is None else (_TLS, f"?{urlencode(self.tls)}")
        return f"{scheme}://{self._login()}{self.shown}/{self.database}{query}"

    def client_options(self) -> dict[str, Any]:
        """What `redis.Redis` takes."""
        login = {"username": self.username or None, "password": self.password or None, "db": self.database}
        if self.path:
            return {**login, "unix_socket_path": self.path}
        return {**login, "host": self.host, "port": self.port, **self._tls_options()}

    def tls_context(self) -> ssl.SSLContext:
        """For a connection of one's own."""
        options = self.tls or {}
        context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
        context.check_hostname = self._checks_hostname()
        context.verify_mode = _REQUIRED[options.get("ssl_cert_reqs", "required")]
        if options.get("ssl_certfile"):
            context.load_cert_chain(options["ssl_certfile"], options.get("ssl_keyfile"))
        return context

    def _tls_options(self) -> dict[str, Any]:
        if self.tls is None:
            return {}
        return {"ssl": True, **self.tls, "ssl_check_hostname": self._checks_hostname()}

    def _checks_hostname(self) -> bool:
        options = self.tls or {}
        wanted = options.get("ssl_check_hostname", "true").lower() != "false"
        return wanted and options.get("ssl_cert_reqs") == "required"

    def _login(self) -> str:
        if not (self.username or self.password):
            return ""
        password = f":{quote(self.password, safe='')}" if self.password else ""
        return f"{quote(self.username, safe='')}{password}@"


@lru_cache(maxsize=8)
def parse(url: str) -> BrokerAddress:
    """Raises `PlainError`, without quoting the address, when it is none."""
    try:
        parts = urlsplit(url)
        if parts.scheme in _SOCKETS:
            return _on_a_socket(parts)
        if parts.scheme in ("redis", _TLS):
            return _over_tcp(parts)
    except (ValueError, KeyError) as error:
        raise PlainError(f"REDIS_URL cannot be read ({_reason(error)}). Write it like {_EXAMPLES}.") from None
    raise PlainError(f"REDIS_URL begins with {parts.scheme or 'no scheme'!r}. Write it like {_EXAMPLES}.")


def passwords_in(url: str) -> tuple[str, ...]:
    """What must not be shown: the password as it stands in the address, and as it really is."""
    try:
        password = parse(url).password
    except PlainError:
        return ()
    return (password, quote(password, safe=""), quote(password)) if password else ()


def _over_tcp(parts: SplitResult) -> BrokerAddress:
    options = dict(parse_qsl(parts.query))
    return BrokerAddress(
        host=unquote(parts.hostname or "localhost"),
        port=parts.port or DEFAULT_PORT,
        database=_number(parts.path.strip("/") or options.get("db", "") or options.get("virtual_host", "")),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=_tls(options) if parts.scheme == _TLS else None,
    )


def _on_a_socket(parts: SplitResult) -> BrokerAddress:
    options = dict(parse_qsl(parts.query))
    if not parts.path.strip("/"):
        raise ValueError("the path of the socket is missing")
    return BrokerAddress(
        path=unquote(parts.path),
        database=_number(options.get("db", "") or options.get("virtual_host", "")),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or "") or options.get("password", ""),
    )


def _tls(options: Mapping[str, str]) -> dict[str, str]:
    chosen = {name: options[name] for name in _TLS_OPTIONS if name in options}
    wanted = chosen.get("ssl_cert_reqs", "required").lower().removeprefix("cert_")
    if wanted not in _REQUIRED:
        raise ValueError(f"ssl_cert_reqs is one of {', '.join(_REQUIRED)}")
    return {**chosen, "ssl_cert_reqs": wanted}


def _number(text: str) -> int:
    if text and not (text.isascii() and text.isdecimal()):
        raise ValueError("the database is a number, as in /0")
    return int(text or 0)


def _reason(error: Exception) -> str:
    """Python's own words quote the address, with the password perhaps; ours do not."""
    known = str(error)
    return known if known.startswith(("the ", "ssl_cert_reqs")) else "host, port or brackets are not well formed"
