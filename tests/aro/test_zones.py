from __future__ import annotations

import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from aro import zones

# Zones that span countries or belong to none: for numbers written without a country code, the default counts.
_NOBODYS = {"CST6CDT", "EST5EDT", "MST7MDT", "PST8PDT", "Factory", "GMT", "GMT+0", "GMT-0", "GMT0", "Greenwich"} | {
    "UCT", "UTC", "Universal", "Zulu",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Asia/Calcutta", "IN"),
        ("US/Pacific", "US"),
        ("Europe/Kiev", "UA"),
        ("America/Buenos_Aires", "AR"),
        ("Asia/Saigon", "VN"),
        ("Canada/Eastern", "CA"),
        ("GB", "GB"),
        ("NZ", "NZ"),
        ("PRC", "CN"),
        ("Brazil/East", "BR"),
        ("America/Montreal", "CA"),
        ("Mexico/General", "MX"),
        # In the table under their own country, although their link leads abroad.
        ("Atlantic/Reykjavik", "IS"),
        ("America/Toronto", "CA"),
        ("America/Nassau", "BS"),
        ("Europe/Oslo", "NO"),
        ("Africa/Asmara", "ER"),
        # Not in the table, and the link crosses a border.
        ("Iceland", "IS"),
        ("Africa/Asmera", "ER"),
        ("Pacific/Truk", "FM"),
        ("America/Coral_Harbour", "CA"),
        ("EST", "US"),
        ("UTC", ""),
        ("Nowhere/Nothing", ""),
    ],
)
def test_a_zone_belongs_to_its_country_whatever_its_name(name: str, country: str) -> None:
    assert zones.country_of(name) == country


def test_every_name_of_both_tables_has_a_country_or_is_nobodys() -> None:
    without = {name for name in zoneinfo.available_timezones() if not zones.country_of(name)}
    assert {name for name in without if not name.startswith("Etc/")} == _NOBODYS


def test_an_alias_has_the_country_of_the_place_it_is_named_after() -> None:
    """Each link that is not in zone.tab ends in its own country, or is listed by hand with another one."""
    abroad = {name: zones.country_of(target) for name, target in zones._links().items() if name in zones._COUNTRIES}
    assert all(zones._COUNTRIES[name] != country for name, country in abroad.items())
    assert set(abroad) == set(zones._COUNTRIES)


def test_the_pinned_rules_are_used_and_not_the_hosts(tmp_path: Path) -> None:
    """A host whose files know nothing of British Columbia's change: there, New York's file stands for Vancouver."""
    old = tmp_path / "America"
    old.mkdir()
    (old / "Vancouver").write_bytes(resources.files("tzdata.zoneinfo").joinpath("America", "New_York").read_bytes())
    assert _said("import config.settings.sandbox", tmp_path) == "-7:00"
    assert _said("pass", tmp_path) == "-5:00"


def _said(first: str, tzpath: Path) -> str:
    """Vancouver's offset in December 2026 as a fresh process sees it on a host with those zone files."""
    code = f"""{first}
from datetime import datetime
from zoneinfo import ZoneInfo
hours = datetime(2026, 12, 15, 18, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo("America/Vancouver")).utcoffset()
print(f"{{hours.total_seconds() / 3600:.0f}}:00")"""
    home = {"ARO_HOME": str(tzpath / "home"), "ARO_MODE": "sandbox", "PYTHONTZPATH": str(tzpath)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | home, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_this_process_follows_the_package() -> None:
    assert zoneinfo.TZPATH == ()
    at = datetime(2026, 12, 15, 18, tzinfo=UTC).astimezone(ZoneInfo("America/Vancouver"))
    assert at.hour == 11


@pytest.mark.django_db
def test_diagnostics_name_the_release(client: Client) -> None:
    assert client.get("/api/v1/health").json()["tzdata"] == zones.version()
    assert f'tzdata="{zones.version()}"' in client.get("/metrics").content.decode()
