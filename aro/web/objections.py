"""Why a head is refused before its body is read."""

from __future__ import annotations

from aro.web import answer as answers
from aro.web.answer import Answer
from aro.web.limits import Limits
from aro.web.request import Request

_VERSIONS = (b" HTTP/1.0", b" HTTP/1.1")


def objection(request: Request, *, head: bytes, limits: Limits) -> Answer | None:
    """`head`: as it came, since the parser does not tell HTTP/1.0 from RTSP/1.0."""
    if request.method == "CONNECT":
        return answers.NO_TUNNEL
    if len(head) > limits.head_bytes:
        return answers.HEAD_TOO_LARGE
    if not _is_ours(head) or _is_ambiguous(request):
        return answers.MALFORMED
    return answers.BODY_TOO_LARGE if (request.length or 0) > limits.body_bytes else None


def _is_ours(head: bytes) -> bool:
    return head.lstrip(b"\r\n").partition(b"\r\n")[0].endswith(_VERSIONS)


def _is_ambiguous(request: Request) -> bool:
    """What two servers could read differently is no request (RFC 9112, 3.2 and 6.3)."""
    hosts, codings = len(request.values(b"host")), request.values(b"transfer-encoding")
    if hosts > 1 or (hosts == 0 and request.version != "1.0"):
        return True
    is_chunked = [coding.lower() for coding in codings] == [b"chunked"]
    return bool(codings) and (request.version == "1.0" or request.length is not None or not is_chunked)
