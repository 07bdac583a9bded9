from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import get_args

import pytest
from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel

from aro.project import ROOT
from compliance import policy
from compliance.kinds import Kind
from compliance.models import Purpose

NOTHING = Path("/nonexistent/policy.toml")


@pytest.fixture
def rules() -> policy.Policy:
    return policy.load(policy.SHIPPED, NOTHING)


def test_the_shipped_values_are_those_of_the_rules(rules: policy.Policy) -> None:
    assert (rules.quiet_hours.opens, rules.quiet_hours.closes) == (time(8), time(21))
    marketing = rules.marketing_hours
    assert (marketing.opens, marketing.closes, marketing.sunday_opens) == (time(9), time(20), time(12))
    assert rules.caps.per_day == 3
    assert rules.reviews.ask_again_after_days == 90


def _leaves(section: type[BaseModel]) -> Iterator[str]:
    for name, field in section.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        inner = [one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)]
        yield from (leaf for one in inner for leaf in _leaves(one)) if inner else (name,)


def test_every_value_is_read_somewhere() -> None:
    floors = ("compliance", "appointments", "workflows", "integrations")
    source = "\n".join(path.read_text() for floor in floors for path in (ROOT / floor).rglob("*.py"))
    assert [name for name in _leaves(policy.Policy) if not re.search(rf"\.{name}\b", source)] == []


def test_every_shipped_value_names_its_source_and_its_date() -> None:
    lines = policy.SHIPPED.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"\w+ = ", line):
            comment, above = "", number - 1
            while lines[above].startswith("#"):
                comment, above = lines[above] + comment, above - 1
            assert "ource:" in comment, line
            assert re.search(r"Checked \d{4}-\d\d-\d\d", comment), line


def test_every_word_that_revokes_consent_is_listed_and_yes_never_opts_in(rules: policy.Policy) -> None:
    law = {"STOP", "QUIT", "END", "REVOKE", "OPT OUT", "CANCEL", "UNSUBSCRIBE"}
    carrier = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
    assert law | carrier <= set(rules.opt_out.words)
    assert "YES" not in rules.opt_out.opt_in_words


def test_the_drop_order_of_the_rules_is_kept(rules: policy.Policy) -> None:
    order = ["rebooking", "review", "deposit_reminder", "confirmation", "reminder_first", "reminder_last"]
    ranks = [rules.importance(Kind(kind)) for kind in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    assert rules.importance(Kind.EMERGENCY_ANSWER) > rules.importance(Kind.REMINDER_LAST)


def test_marketing_keeps_to_the_narrower_of_both_hours(rules: policy.Policy) -> None:
    early = datetime(2026, 11, 24, 8, 30)
    assert rules.hours_for(Purpose.CARE).allow(early)
    assert not rules.hours_for(Purpose.MARKETING).allow(early)
    assert not rules.hours_for(Purpose.CARE, opens=time(10), closes=time(18)).allow(early)
    assert not rules.hours_for(Purpose.MARKETING, opens=time(10), closes=time(18)).allow(datetime(2026, 11, 24, 9, 30))


def test_the_opt_out_line_is_due_on_the_first_text_and_then_monthly(rules: policy.Policy) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert rules.opt_out_line_due(None, now)
    assert not rules.opt_out_line_due(now - timedelta(days=29), now)
    assert rules.opt_out_line_due(now - timedelta(days=30), now)


ITS_OWN = frozenset({"STOP", "START", "HELP"})


def test_the_carrier_answers_its_own_words_only(rules: policy.Policy) -> None:
    for word in (" stop ", "START", "Help"):
        assert rules.carrier_answers(word, channel="sms", its_own=ITS_OWN)
    assert not rules.carrier_answers("ALTO", channel="sms", its_own=ITS_OWN)
    assert not rules.carrier_answers("please stop", channel="sms", its_own=ITS_OWN)


def test_on_whatsapp_the_carrier_answers_nothing(rules: policy.Policy) -> None:
    assert not rules.carrier_answers("STOP", channel="whatsapp", its_own=ITS_OWN)


def test_an_operator_says_which_words_the_carrier_answers_where_it_is_not_as_usual(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('[opt_out]\ncarrier_words = ["JOIN"]\n')
    rules = policy.load(policy.SHIPPED, tmp_path / "policy.toml")
    assert rules.carrier_answers("join", channel="sms", its_own=ITS_OWN)
    assert not rules.carrier_answers("STOP", channel="sms", its_own=ITS_OWN)


def test_the_emergency_number_is_the_countrys(rules: policy.Policy) -> None:
    assert (rules.emergency_number("US"), rules.emergency_number("FR")) == ("911", "112")


def test_an_operator_changes_one_value_and_keeps_the_rest(tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text("[caps]\nper_day = 2\n", encoding="utf-8")
    changed = policy.load(policy.SHIPPED, own)
    assert changed.caps.per_day == 2
    assert changed.caps.drop_order == policy.load(policy.SHIPPED, NOTHING).caps.drop_order


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[caps]\nper_dya = 2\n", "caps.per_dya"),
        ("[caps]\nper_day = 0\n", "caps.per_day"),
        ("[quiet_hours]\nopens = '8 o clock'\n", "quiet_hours.opens"),
        ("[opt_out]\nanswer_within_minutes = 60\n", "opt_out.answer_within_minutes"),
        ("[caps\n", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_place(tmp_path: Path, text: str, named: str) -> None:
    own = tmp_path / "policy.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=re.escape(named)) as refused:
        policy.load(policy.SHIPPED, own)
    assert str(own) in str(refused.value)
