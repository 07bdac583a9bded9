"""Links in wordings: only to pages of the clinic's own. Reviews and deposits are led to by `{{ link }}` itself.

Whoever can change a wording could else send every patient to a page of theirs, under the clinic's name.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from appointments.models import Business

# Ends by which phones make a link of a bare name: "clinic.com".
_ENDS: Final = "com|net|org|info|biz|io|co|app|link|ly|gl|gd|me|us|uk|site|online|page|click|shop|top|xyz"
# With a scheme, with www, a host with a path, or a bare host; "2 p.m." and "Dr.Gray" are none.
_LINK: Final = re.compile(
    r"\b(?:https?://|www\.)[^\s{}]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:[a-z]{2,}/[^\s{}]*|(?:"
    + _ENDS
    + r")\b(?!\.[a-z]))",
    re.IGNORECASE,
)


def own_hosts(business: Business) -> frozenset[str]:
    """The clinic's hosts: of its booking page, its e-mail address and ARO itself."""
    known = [_host(business.booking_url), _host(settings.PUBLIC_BASE_URL), business.email.rpartition("@")[2].lower()]
    return frozenset(filter(None, known))


def foreign(text: str, own: Collection[str]) -> list[str]:
    """The hosts of links in `text` that are none of `own`, nor below one of them."""
    hosts = [_host(found) for found in _LINK.findall(text)]
    return [host for host in hosts if not any(host == one or host.endswith(f".{one}") for one in own)]


def _host(link: str) -> str:
    address = link if "://" in link else f"https://{link}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return link.lower()  # no address at all, and so none of the clinic's
    return host.removeprefix("www.").rstrip(".")
