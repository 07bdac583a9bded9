"""The mail server: takes an e-mail as ARO's sandbox backend hands it over, and puts it into the ledger."""

from __future__ import annotations

import secrets
from email.utils import parseaddr

from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.fields import Fields

LONGEST_BODY = 20_000
# The domain of addresses that no mail server knows.
NO_SUCH_DOMAIN = "invalid"
_REFUSED_FOR_GOOD = 500


def _authorize(_call: Call) -> None:
    """A mail server next door: no login."""


def _refuse(refused: RefusedError) -> Answer:
    """`smtp_code` is what a mail server would say: a fault's own code, else 450 for trouble, 550 for a refusal."""
    text = str(refused.code)
    own = int(text) if text.isascii() and text.isdigit() and 400 <= int(text) < 600 else 0
    code = own or (450 if refused.status == 429 or refused.status >= 500 else 550)
    status = 422 if own >= _REFUSED_FOR_GOOD else refused.status
    return Answer(status, {"smtp_code": code, "message": refused.message}, refused.headers)


async def _send(call: Call) -> Answer:
    fields = Fields.of(call.body)
    to = parseaddr(fields.text("to", longest=320))[1]
    if "@" not in to or to.rpartition(".")[2].lower() == NO_SUCH_DOMAIN:
        raise RefusedError(422, 550, "No such mailbox")
    sid = fields.text("message_id", longest=200)
    if any(message.sid == sid for message in call.world.messages.outbound(to=to)):
        return Answer(201, {"message_id": sid})
    now = call.world.iso_now()
    call.world.messages.add(
        sid=sid or f"EM{secrets.token_hex(16)}",
        direction="outbound",
        channel="email",
        sender=parseaddr(fields.text("from", longest=320))[1],
        recipient=to,
        body=f"{fields.text('subject', longest=300)}\n\n{fields.text('body', longest=LONGEST_BODY)}",
        segments=0,
        status="delivered",
        accepted_at=now,
        updated_at=now,
        execution_id=sid.strip("<>").partition("@")[0],
        fate="delivered",
    )
    return Answer(201, {"message_id": sid})


API = Api(
    name="email", prefix="/mail", routes={"/mail/messages": {"POST": _send}}, authorize=_authorize, refuse=_refuse
)
