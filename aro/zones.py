"""Time zones by the rules of the pinned `tzdata` package, and the country each name belongs to.

The host's own files are not read: they are as old as the host, and where a rule has changed since, patients
would be told a wrong hour.
"""

from __future__ import annotations

import zoneinfo
from functools import cache
from importlib import metadata, resources
from typing import Final

# Names that zone.tab lacks and whose link in the zone database leads into another country.
_COUNTRIES: Final = {
    "Africa/Asmera": "ER",
    "Africa/Timbuktu": "ML",
    "America/Coral_Harbour": "CA",
    "America/Virgin": "VI",
    "Antarctica/South_Pole": "AQ",
    "Atlantic/Jan_Mayen": "SJ",
    "EST": "US",
    "Iceland": "IS",
    "Pacific/Johnston": "UM",
    "Pacific/Ponape": "FM",
    "Pacific/Truk": "FM",
    "Pacific/Yap": "FM",
}


def use_pinned() -> None:
    """Every `ZoneInfo` of this process follows the package from now on. May run twice."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()


@cache
def version() -> str:
    """Which release of the zone database is in use, e.g. `2026.6` (2026f)."""
    return metadata.version("tzdata")


def country_of(name: str) -> str:
    """ISO 3166 code of a zone's country, old names and aliases included; empty for one that belongs to none (UTC)."""
    listed = _table().get(name) or _COUNTRIES.get(name)
    if listed is None and name in _links():
        return country_of(_links()[name])
    return listed or ""


@cache
def _table() -> dict[str, str]:
    rows = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


@cache
def _links() -> dict[str, str]:
    """Alias to target; a line of tzdata.zi reads `L target alias`."""
    return {alias: target for kind, target, alias in (line.split() for line in _lines("tzdata.zi") if line[:2] == "L ")}


def _lines(name: str) -> list[str]:
    text = resources.files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]
