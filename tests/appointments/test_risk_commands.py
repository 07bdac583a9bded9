"""`risk:fit` and `risk:show` as people run them, and the list in the front desk."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from appointments.models import RiskModel
from appointments.risk.score import REFERENCE
from appointments.services import risk_weights
from compliance.models import AuditLog
from tests.appointments import past
from tests.appointments.past import clinic_with_a_past
from tests.factories import BusinessFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing_still() -> Iterator[None]:
    with time_machine.travel(past.NOON, tick=True):
        yield


ENOUGH = 700


def run(name: str, **options: Any) -> str:
    written = io.StringIO()
    call_command(name, stdout=written, **options)
    return written.getvalue()


def test_fit_says_what_changes_and_uses_what_is_better() -> None:
    clinic_with_a_past(ENOUGH)
    said = run("risk_fit")

    assert "visits flagged (score 70 or more)" in said
    assert "of the flagged visits, kept after all" in said
    assert said.endswith("Better: in use from now on.\n")
    assert RiskModel.objects.filter(active=True).count() == 1
    assert (AuditLog.objects.get().actor, AuditLog.objects.get().actor_id) == ("admin", "aro risk:fit")


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    clinic_with_a_past(ENOUGH)
    said = run("risk_fit", dry_run=True)

    assert said.endswith("Nothing was changed.\n")
    assert not RiskModel.objects.exists()
    assert run("risk_fit").splitlines()[:-1] == said.splitlines()[:-1]


def test_fit_says_so_when_the_weights_stay() -> None:
    clinic_with_a_past(ENOUGH, dict(REFERENCE))

    assert "the weights in use stay" in run("risk_fit")


def test_fit_says_what_it_takes_when_there_is_too_little() -> None:
    BusinessFactory.create()

    assert "It takes 500 visits" in run("risk_fit")
    assert json.loads(run("risk_fit", json=True)) == {
        "learned": False,
        "visits": 0,
        "better": False,
        "activated": False,
    }


def test_fit_answers_a_program_with_both_sets_of_figures() -> None:
    clinic_with_a_past(ENOUGH)
    told = json.loads(run("risk_fit", json=True, dry_run=True))

    assert (told["better"], told["activated"]) == (True, False)
    assert set(told["before"]) == set(told["after"]) == {"auc", "brier", "flagged", "caught", "wrongly_flagged"}
    assert told["after"]["brier"] < told["before"]["brier"]


def test_show_names_the_reference_while_nothing_better_is_known() -> None:
    BusinessFactory.create()

    assert run("risk_show").startswith("In use: the reference weights.")
    assert json.loads(run("risk_show", json=True)) == {"own": False, "since": None, "weights": dict(REFERENCE)}


def test_show_tells_since_when_own_weights_are_in_use() -> None:
    risk_weights.learn(clinic_with_a_past(ENOUGH))
    used = RiskModel.objects.get()
    said = run("risk_show")

    assert said.startswith("In use: the clinic's own weights, since ")
    assert f"{used.weights['start']:.2f}" in said
    assert used.activated_at is not None
    assert json.loads(run("risk_show", json=True))["since"] == used.activated_at.isoformat()


@pytest.mark.parametrize("name", ["risk_fit", "risk_show"])
def test_without_a_business_they_say_what_to_do(name: str) -> None:
    with pytest.raises(CommandError, match="aro demo"):
        run(name)


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ada", "", "not-a-real-password"))
    return client


def test_the_list_shows_what_each_trial_changed_and_nothing_can_be_edited(admin: Client) -> None:
    business = clinic_with_a_past(ENOUGH)
    for _ in range(2):
        risk_weights.learn(business)
    page = admin.get(reverse("admin:appointments_riskmodel_changelist")).content.decode()
    row = RiskModel.objects.get(active=True)
    address = reverse("admin:appointments_riskmodel_change", args=[row.pk])

    assert "In use" in page
    assert "Not better" in page
    assert f"{row.auc_before:.3f} → {row.auc_after:.3f}" in page
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"active": ""}).status_code == 403
    assert admin.post(reverse("admin:appointments_riskmodel_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_an_empty_list_says_what_would_be_there(admin: Client) -> None:
    BusinessFactory.create()

    page = admin.get(reverse("admin:appointments_riskmodel_changelist")).content.decode()
    assert "The reference weights are in use." in page
