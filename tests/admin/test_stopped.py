"""Texts that cannot go out: what Today and the monitors say of it, and how a person lets a channel go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from appointments.models import Escalation
from aro.desk.sentences import quoted
from aro.watch import health
from compliance import kill_switch
from compliance.models import AuditLog
from integrations.models import ChannelStop
from integrations.outbound import channels
from integrations.providers.shared.base import Effect
from integrations.providers.twilio import errors
from workflows.desk import roles

LIST = "/admin/integrations/channelstop/"


def _pill(client: Client) -> str:
    page = client.get("/admin/").content.decode()
    return page.split("<li title", 3)[2].split("</li>")[0]


def _stop() -> ChannelStop:
    channels.stop("sms", code="30034", why=quoted("It is not registered."), tenant_id="default")
    return ChannelStop.objects.get()


def test_today_says_that_texts_are_stopped_and_what_to_do(admin: Client) -> None:
    assert "Working" in _pill(admin)
    _stop()
    assert ">Stopped</span>" in _pill(admin)
    assert "SMS is stopped (code 30034). Settle it at Twilio, then press Resume" in _pill(admin).split("aro-note")[1]


def test_today_says_in_the_pill_that_sending_is_switched_off(admin: Client) -> None:
    _stop()
    kill_switch.stop(by="ada")
    assert ">Switched off</span>" in _pill(admin)
    assert "aro kill-switch:off" in _pill(admin).split("aro-note")[1]


@pytest.mark.parametrize("why", ["stopped", "switched off"])
def test_monitors_are_told_that_no_text_goes_out(clinic: None, client: Client, why: str) -> None:
    if why == "stopped":
        _stop()
    else:
        kill_switch.stop(by="ada")
    body = client.get("/api/v1/health").json()
    assert body["services"]["messaging_api"] == "down"
    assert why in body["details"]["messaging_api"]
    assert health.overall(health.services()) != "healthy"


def test_a_manager_resumes_a_stopped_channel_and_its_case_is_over(logged_in_as: Callable[[str], Client]) -> None:
    stop, manager = _stop(), logged_in_as(roles.MANAGER)
    address = reverse("admin:desk_act", args=["channel.resume", stop.pk])
    assert f'href="{address}?next=' in manager.get(LIST).content.decode()
    assert manager.get(address).status_code == 200
    answer = manager.post(address, {"next": LIST})
    stop.refresh_from_db()
    assert (stop.lifted_by, answer["Location"]) == ("manager", LIST)
    assert "used again" in " ".join(str(said) for said in get_messages(answer.wsgi_request))
    assert AuditLog.objects.filter(action="channel.resume", actor_id="manager").exists()
    case = Escalation.objects.get(reason="channel_stopped")
    assert (case.status, case.resolved_by) == ("resolved", "manager")
    assert address not in manager.get(LIST).content.decode()


def test_who_may_not_change_channels_cannot_resume_one(logged_in_as: Callable[[str], Client]) -> None:
    address = reverse("admin:desk_act", args=["channel.resume", _stop().pk])
    assert logged_in_as(roles.FRONT_DESK).post(address).status_code == 403
    assert ChannelStop.objects.get().lifted_at is None


def test_no_case_says_that_a_stopped_channel_goes_on_by_itself() -> None:
    stopping = [one.next_step for one in errors.MEANINGS.values() if one.effect == Effect.STOP_CHANNEL]
    assert stopping
    assert all("Resume" in step and "by itself" not in step for step in stopping)
