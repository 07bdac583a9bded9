"""Who is asking: the one place that knows the client's address.

A header that a proxy sets can be sent by anybody. So it counts only when the connection comes from a proxy that the
setting ARO_TRUSTED_PROXIES names, and of the addresses in it only the last one that is no such proxy. After `settle`,
`REMOTE_ADDR` is the client's address for everybody: lockout, audit, limits, logs.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Headers that only a proxy may set. X-Forwarded-Proto of a trusted one is kept: Django asks it for https.
_SAID_BY_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_SERVER",
)
_PROTOCOL = "HTTP_X_FORWARDED_PROTO"
_PASSED_ON = "aro.passed_on"
# One household or one machine has this much of IPv6, and may change within it at will.
_IPV6_PREFIX = 64
_MOST_PROXIES = 20


def settle(request: HttpRequest) -> None:
    """Makes `REMOTE_ADDR` the client's address and takes away what only a proxy may say. Once per request."""
    meta = request.META
    said = [value for name in (*_SAID_BY_PROXIES, _PROTOCOL) if (value := meta.get(name)) is not None]
    meta[_PASSED_ON] = bool(said)
    peer, trusted = parsed(meta.get("REMOTE_ADDR", "")), networks(settings.TRUSTED_PROXIES)
    if peer is None or not _is_in(peer, trusted):
        meta.pop(_PROTOCOL, None)
    elif meta.get("HTTP_X_FORWARDED_FOR"):
        meta["REMOTE_ADDR"] = str(_client(meta["HTTP_X_FORWARDED_FOR"], peer, trusted))
    for name in _SAID_BY_PROXIES:
        meta.pop(name, None)


def _client(chain: str, peer: Address, trusted: Sequence[Network]) -> Address:
    """The last address that is no trusted proxy; where the chain makes no sense, the proxy that passed it on."""
    last = peer
    for text in reversed(chain.split(",")[-_MOST_PROXIES:]):
        address = parsed(text)
        if address is None:
            return last
        last = address
        if not _is_in(address, trusted):
            return address
    return last


def parsed(text: str) -> Address | None:
    """An address as proxies write it: with a port or in brackets, too; None when it is none. IPv4 in IPv6 is IPv4."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


@lru_cache(maxsize=8)
def networks(text: str) -> tuple[Network, ...]:
    """The setting's networks. Raises `ImproperlyConfigured` for what is none."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"ARO_TRUSTED_PROXIES: {error}. Give addresses or networks separated by commas, for example "
            "127.0.0.1,::1,10.0.0.0/8."
        ) from error


def _is_in(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def address(request: HttpRequest) -> str:
    """The client's address; empty where there is none, as on a unix socket."""
    return str(request.META.get("REMOTE_ADDR", ""))


def neighbourhood(request: HttpRequest) -> str:
    """What limits count by: the address, or for IPv6 its /64, since everybody there has all of it."""
    known = parsed(address(request))
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, _IPV6_PREFIX), strict=False).network_address)
    return str(known) if known else "0.0.0.0"  # noqa: S104 - a name for "nowhere", not a place to listen


def is_this_machine(request: HttpRequest) -> bool:
    """Asked from here and by nobody's hand: what a proxy passed on is not, wherever the proxy runs."""
    known = parsed(address(request))
    return bool(known and known.is_loopback) and not request.META.get(_PASSED_ON, False)
