"""The way out of e-mails: a link that needs no login, because whoever got the e-mail may stop it.

Opening the link changes nothing: mail scanners open links. The button, or the mail program's own one-click
unsubscription (RFC 8058, a POST without a cookie), does.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from appointments.models import Message
from appointments.services import journal
from aro.queue import locks
from compliance import consent
from compliance.models import Actor, Channel, Consent, Purpose
from integrations.outbound import unsubscribe_links


@method_decorator(csrf_exempt, name="dispatch")
class UnsubscribeView(View):
    """The signed link is the permission; without a session there is nothing that another site could misuse."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return _page(request, "ask" if _mailed(token) else "unknown")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        message = _mailed(token)
        if message is not None:
            stop(message)
        return _page(request, "done" if message else "unknown")


def _mailed(token: str) -> Message | None:
    try:
        known = unsubscribe_links.message_of(token)
    except unsubscribe_links.BadSignature:
        return None
    return Message.objects.select_related("customer").filter(pk=known, channel=Channel.EMAIL).first()


def stop(message: Message, *, source: str = "link") -> bool:
    """No more e-mail to this address, at once. Texts to the person's phone go on: they have their own STOP.

    True when it was not stopped before. `source`: link, or provider for a complaint at the mail provider.
    """
    with transaction.atomic():
        locks.hold("phone", message.address)
        for purpose in Purpose:
            consent.withdraw(
                message.address,
                Channel.EMAIL,
                purpose,
                method=Consent.Method.WEB_FORM,
                evidence=f"message {message.id}",
                tenant_id=message.tenant_id,
            )
        new = consent.suppress(message.address, source=source, tenant_id=message.tenant_id)
        if new and message.customer is not None:
            journal.customer_event("customer.opted_out", message.customer, actor=Actor.USER)
    return new


def _page(request: HttpRequest, state: str) -> HttpResponse:
    return render(request, "unsubscribe.html", {"state": state}, status=404 if state == "unknown" else 200)
