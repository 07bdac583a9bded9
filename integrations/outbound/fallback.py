"""The same message on another channel, once it has surely failed on one, and while it still helps."""

from __future__ import annotations

from appointments.models import Business, Message
from appointments.services import messages
from aro import clock
from integrations.outbound import channels, context
from integrations.outbound.channels import Failure, Route
from integrations.providers import chosen
from workflows.models import Execution


def begin(execution: Execution | None, message: Message, code: str) -> bool:
    """Plans the message anew where it may arrive; False when it can go nowhere else. In the caller's transaction.

    The caller makes the execution due. Everything is judged again when it is carried out.
    """
    if execution is None or not message.automatic or code in chosen.carrier(message.channel).stays_here:
        return False
    route = _next(message, code)
    if route is None:
        return False
    messages.go_on_elsewhere(message, channel=route.channel, address=route.address, code=code)
    Execution.objects.filter(pk=execution.pk).update(
        status=Execution.Status.INTENT, attempt=0, lookups=0, provider_id="", error_code="", finished_at=None
    )
    return True


def _next(message: Message, code: str) -> Route | None:
    now = clock.now()
    if not context.still_helps(message, now):
        return None
    business = Business.objects.get(tenant_id=message.tenant_id)
    failed = Failure(message.channel, channels.is_templated(message.template), code)
    route = channels.choose(message, business=business, now=now, failures=[failed])
    return None if route.problem or _is_the_same(route, failed) else route


def _is_the_same(route: Route, failed: Failure) -> bool:
    """It comes back only when the person said stop there: nothing goes out then."""
    return failed.rules_out(route.channel, templated=route.template is not None)
