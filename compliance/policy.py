"""The rules an operator may change: `config/policy.toml`, over it `policy.toml` in the data directory."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aro import paths
from aro.project import CONFIG
from compliance.kinds import STANDS_WITH, Kind
from compliance.models import Channel, Purpose
from compliance.quiet import Hours

SHIPPED = CONFIG / "policy.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class QuietHours(_Section):
    """Local times of the recipient between which texts may go out."""

    opens: time
    closes: time
    sunday_opens: time | None = None

    def hours(self) -> Hours:
        return Hours(opens=self.opens, closes=self.closes, sunday_opens=self.sunday_opens)


class Caps(_Section):
    per_day: int = Field(ge=1)
    per_week: int = Field(ge=0)
    drop_order: tuple[Kind, ...]


class OptOut(_Section):
    words: tuple[str, ...] = Field(min_length=1)
    # None: those that the carrier's own folder names.
    carrier_words: tuple[str, ...] | None = None
    opt_in_words: tuple[str, ...]
    help_words: tuple[str, ...]
    never_an_answer: tuple[str, ...]
    line_every_days: int = Field(ge=1)
    answer_within_minutes: int = Field(ge=1, le=5)


class Answers(_Section):
    """How often a phone is answered by itself; more would be two machines that talk."""

    same_again_after_minutes: int = Field(ge=1)
    per_day: int = Field(ge=1)
    alike_within_hours: int = Field(ge=1)
    alike_times: int = Field(ge=2)
    at_once_seconds: int = Field(ge=1)


class Channels(_Section):
    """`fallback_order`: tried in this order after a person's own channel; what is not named is never tried."""

    fallback_order: tuple[Channel, ...]


class Reviews(_Section):
    ask_again_after_days: int = Field(ge=1)


class Pumping(_Section):
    """Against those who earn from texts: see `compliance/pumping.py`."""

    together: dict[str, tuple[str, ...]]
    never_prefixes: tuple[str, ...]
    per_hour: int = Field(ge=1)


class Policy(_Section):
    quiet_hours: QuietHours
    marketing_hours: QuietHours
    caps: Caps
    opt_out: OptOut
    answers: Answers
    channels: Channels
    reviews: Reviews
    pumping: Pumping
    emergency_numbers: dict[str, str]

    def hours_for(self, purpose: str, *, opens: time | None = None, closes: time | None = None) -> Hours:
        """When texts of this purpose may go out, within a business's own hours (its `quiet_until`, `quiet_from`)."""
        default = self.quiet_hours
        within = self.marketing_hours.hours() if purpose == Purpose.MARKETING else None
        return Hours(
            opens=opens or default.opens,
            closes=closes or default.closes,
            sunday_opens=default.sunday_opens,
            within=within,
        )

    def carrier_answers(self, text: str, *, channel: str, its_own: Collection[str]) -> bool:
        """Whether the carrier itself answers this text: an SMS with one of its words and nothing else.

        `its_own`: the carrier's defaults, in capitals.
        """
        words = its_own if self.opt_out.carrier_words is None else self.opt_out.carrier_words
        return channel == Channel.SMS and text.strip().upper() in words

    def importance(self, kind: Kind) -> int:
        """A higher number outlives a lower one when a phone is capped; kinds outside the order outlive all."""
        order, seen = self.caps.drop_order, set[Kind]()
        while kind not in order and kind in STANDS_WITH and kind not in seen:
            seen.add(kind)
            kind = STANDS_WITH[kind]
        return order.index(kind) if kind in order else len(order)

    def opt_out_line_due(self, last_shown_at: datetime | None, now: datetime) -> bool:
        """Whether the next text to a number has to say how to opt out: the first one, and at least monthly."""
        return last_shown_at is None or now - last_shown_at >= timedelta(days=self.opt_out.line_every_days)

    def emergency_number(self, region: str) -> str:
        """What to call in an emergency in a country (ISO 3166)."""
        return self.emergency_numbers.get(region) or self.emergency_numbers["default"]


@cache
def current() -> Policy:
    """The policy in force; read once per process. Raises `ImproperlyConfigured` naming the value that is wrong."""
    return load(SHIPPED, paths.home() / "policy.toml")


def load(shipped: Path, own: Path) -> Policy:
    """The shipped values with an operator's own over them; `own` need not exist."""
    values = _read(shipped)
    revoking = values["opt_out"]["words"]
    for section, changes in (_read(own) if own.is_file() else {}).items():
        values[section] = {**values.get(section, {}), **changes} if isinstance(changes, dict) else changes
    _keep(revoking, values["opt_out"])
    try:
        return Policy.model_validate(values)
    except ValidationError as error:
        raise ImproperlyConfigured(_plainly(own, error)) from error


def _keep(revoking: list[str], opt_out: Any) -> None:
    """Adds to an operator's own opt-out words those that revoke consent by law, which nobody can take away."""
    if isinstance(opt_out, dict) and isinstance(opt_out.get("words"), list):
        opt_out["words"] = [*revoking, *(word for word in opt_out["words"] if word not in revoking)]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ImproperlyConfigured(f"{path} is not valid TOML: {error}. Correct that line.") from error


def _plainly(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{path}: {where}: {first['msg']}. Correct the value or remove it to use the default."
