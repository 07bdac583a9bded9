"""What staff are told to press is there to be pressed."""

from __future__ import annotations

import re

from django.utils import translation

from appointments.models import Customer
from aro.desk.sentences import registered
from integrations.desk import channel_stops
from integrations.providers.resend import errors as resend
from integrations.providers.smtp import api as smtp
from integrations.providers.telnyx import errors as telnyx
from integrations.providers.twilio import errors as twilio
from workflows.desk.actions.actions import ACTIONS

assert channel_stops  # registers Resume


def _told() -> list[str]:
    carriers = [one.next_step for table in (twilio, telnyx) for one in (*table.MEANINGS.values(), table.UNKNOWN)]
    with translation.override("en"):
        return [*map(str, registered().values()), *carriers, resend._CALL, smtp._CALL]


def test_each_button_that_a_case_names_exists() -> None:
    nobody = Customer()
    labels = tuple(
        label
        for action in ACTIONS.values()
        for label in (str(action.label), action.relabel(nobody) if action.relabel else "")
        if label
    )
    named = [found for words in _told() for found in re.findall(r"[Pp]ress(?:es)? ([A-Z].*)", words)]
    assert len(named) > 5
    assert [words for words in named if not words.startswith(labels)] == []


def test_no_case_asks_to_correct_what_has_no_button_for_it() -> None:
    assert [words for words in _told() if re.search(r"correct the (number|address)[^.]* on their page", words)] == []
