"""Why a head is refused before its body is read."""

from __future__ import annotations

from aro.web import answer as answers
from aro.web.answer import Answer
from aro.web.limits import Limits
from aro.web.request import Request


def objection(request: Request, *, head: bytes, limits: Limits) -> Answer | None:
    """`head`: as it came."""
    if request.method == "CONNECT":
        return answers.NO_TUNNEL
    if len(head) > limits.head_bytes:
        return answers.HEAD_TOO_LARGE
    if request.version not in ("1.0", "1.1") or _is_ambiguous(request):
        return answers.MALFORMED
    return answers.BODY_TOO_LARGE if (request.length or 0) > limits.body_bytes else None


def _is_ambiguous(request: Request) -> bool:
    """What two servers could read differently is no request (RFC 9112, 6.3)."""
    codings = request.values(b"transfer-encoding")
    if len(request.values(b"host")) > 1:
        return True
    is_chunked = [coding.lower() for coding in codings] == [b"chunked"]
    return bool(codings) and (request.version == "1.0" or request.length is not None or not is_chunked)
