"""One HTTP call to a provider: what came back, or whether it may have been done.

The deadline holds for the whole call (see `aro.outbound`). Redirects are not followed, because a secret would go with
them, and the answer's size is capped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from aro import outbound
from integrations.providers.shared.base import OutcomeUnknownError, UnavailableError

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
DEADLINE_SECONDS = 15.0
LARGEST_ANSWER = 2 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Call:
    """What to ask. `data`: bytes or text as they are, a mapping as a form."""

    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, Any] | None = None
    data: Any = None
    auth: tuple[str, str] | None = None
    deadline_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def call(request: Call) -> Answer:
    """The provider's answer, whatever its status.

    Raises `UnavailableError` when the request surely did not leave, `OutcomeUnknownError` when it may have been done.
    """
    seconds = request.deadline_seconds or DEADLINE_SECONDS
    with outbound.session(seconds=seconds) as (session, watch):
        try:
            answer = _ask(session, request, seconds)
        except (requests.RequestException, OSError, ValueError) as error:
            kind = OutcomeUnknownError if watch.handed_over else UnavailableError
            raise kind(type(error).__name__) from None
        if watch.expired:  # cut off by us in the middle of the headers, it can look complete
            raise OutcomeUnknownError("deadline")
        return answer


def _ask(session: requests.Session, request: Call, seconds: float) -> Answer:
    with session.request(
        request.method,
        request.url,
        params=request.params,
        data=request.data,
        headers=dict(request.headers),
        auth=request.auth,
        timeout=(min(CONNECT_SECONDS, seconds), min(READ_SECONDS, seconds)),
        allow_redirects=False,
        stream=True,
    ) as response:
        body = outbound.body(response, largest=LARGEST_ANSWER)
        return Answer(status=response.status_code, headers=response.headers, body=body)
