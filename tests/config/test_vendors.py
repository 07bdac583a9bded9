"""Who carries texts, who carries e-mail and who makes payment links is chosen by name; a wrong one is told at start."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from aro.project import ROOT
from config import vendors
from integrations.outbound.health import provider_health
from integrations.providers import CARRIERS, PAYMENTS, chosen

CHOICES = ("TEXT_CARRIER", "EMAIL_CARRIER", "PAYMENT_PROVIDER")


def able(setting: str) -> list[str]:
    with pytest.raises(ImproperlyConfigured) as caught:
        vendors.choice(setting, "nobody")
    names = re.search(r"must be one of (.*)\. Correct it", str(caught.value))
    assert names
    return names.group(1).split(", ")


def test_each_that_can_be_chosen_is_in_the_registry_and_each_of_the_registry_can_be_chosen() -> None:
    assert {*able("TEXT_CARRIER"), *able("EMAIL_CARRIER")} == set(CARRIERS)
    assert set(able("PAYMENT_PROVIDER")) == set(PAYMENTS)


def test_who_carries_texts_takes_them_and_who_carries_email_takes_it() -> None:
    wanted = dict.fromkeys(vendors.own_number_settings(), "+12125550100") | {
        name: "x" for one in CARRIERS.values() for name in one.api_settings
    }
    with override_settings(**wanted):
        for name in able("TEXT_CARRIER"):
            assert CARRIERS[name].is_set_up("sms"), name
        for name in able("EMAIL_CARRIER"):
            assert CARRIERS[name].is_set_up("email"), name


@pytest.mark.parametrize("setting", CHOICES)
def test_a_wrong_name_is_told_at_start_with_those_that_can_be_chosen(setting: str) -> None:
    """By whatever process starts: web, worker, beat and each command read the settings first."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            **os.environ,
            "ARO_MODE": "sandbox",
            "DJANGO_SETTINGS_MODULE": "config.settings.sandbox",
            setting: "vonage",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    assert f"{setting} must be one of {', '.join(able(setting))}." in done.stderr + done.stdout


def test_what_is_missing_is_asked_for_by_the_chosen_carrier_only(db: None) -> None:
    """The health page says what to set; nobody else's settings are in it."""
    for name in able("TEXT_CARRIER"):
        own = CARRIERS[name].api_settings
        others = {one for other in CARRIERS.values() for one in other.api_settings} - set(own)
        with override_settings(TEXT_CARRIER=name, **dict.fromkeys({*own, *others}, "")):
            found = provider_health.check(chosen.carrier("sms").name, *chosen.carrier("sms").api_settings)
        assert all(one in found.detail for one in own), name
        assert not any(one in found.detail for one in others), name


def test_nobody_but_the_vendor_says_what_a_template_is_called() -> None:
    assert re.fullmatch(vendors.template_id("twilio")[0], "HX" + "a" * 32)
    assert not re.fullmatch(vendors.template_id("nobody")[0], "HX" + "a" * 32)
    assert vendors.template_id(settings.TEXT_CARRIER)[0] == settings.TEMPLATE_ID
