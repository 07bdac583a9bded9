"""What the environment says is taken as meant, or refused in words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import env


@pytest.mark.parametrize("name", ["SYNC_EVERY_MINUTES", "UNDO_SECONDS"])
def test_a_number_of_minutes_below_nothing_is_refused_by_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "-5")
    with pytest.raises(ImproperlyConfigured, match=f"{name} must be 0 or more"):
        env.count(name, default=15)
    monkeypatch.setenv(name, "0")
    assert env.count(name, default=15) == 0


def test_an_empty_setting_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT_CARRIER", "")
    monkeypatch.setenv("SYNC_EVERY_MINUTES", "")
    assert env.str("TEXT_CARRIER", default="twilio") == "twilio"
    assert env.count("SYNC_EVERY_MINUTES", default=15) == 15
