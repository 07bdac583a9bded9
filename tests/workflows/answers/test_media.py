"""What comes without words: staff read what it was, and a person looks."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from appointments.desk.screens import written
from appointments.inbound import ReplyReceived
from appointments.media import in_words
from appointments.models import Appointment, Escalation
from aro import clock
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Stored
from tests.factories import AppointmentFactory, BusinessFactory
from tests.workflows.phone import asked_about, cases, status_of, writes
from workflows import inspect

pytestmark = pytest.mark.django_db
ADDRESS = "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME1"


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


def parsed(**form: str) -> ReplyReceived:
    body = urlencode({"MessageSid": "SM1", "From": "+12125550177", **form}).encode()
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=body, path_ref="", received_at=clock.now()))
    assert isinstance(news, ReplyReceived)
    return news


@pytest.mark.parametrize(
    ("form", "kinds"),
    [
        ({"NumMedia": "1", "MediaContentType0": "image/jpeg", "MediaUrl0": ADDRESS}, ("picture",)),
        ({"NumMedia": "1", "MediaContentType0": "audio/ogg; codecs=opus"}, ("voice note",)),
        ({"NumMedia": "1", "MediaContentType0": "VIDEO/MP4"}, ("video",)),
        ({"NumMedia": "1", "MediaContentType0": "text/vcard"}, ("contact card",)),
        ({"NumMedia": "1", "MediaContentType0": "application/pdf"}, ("file",)),
        ({"NumMedia": "2", "MediaContentType0": "image/png", "MediaContentType1": "image/gif"}, ("picture", "picture")),
        ({"NumMedia": "1"}, ("file",)),
        ({"Latitude": "40.7", "Longitude": "-74.0"}, ("place on a map",)),
        ({"NumMedia": "0"}, ()),
        ({"NumMedia": "-1"}, ()),
        ({"NumMedia": "many"}, ()),
        ({"NumMedia": "²"}, ()),
        ({"NumMedia": ""}, ()),
        ({}, ()),
    ],
)
def test_what_came_is_known_by_its_kind(form: dict[str, str], kinds: tuple[str, ...]) -> None:
    assert parsed(**form).media == kinds


def test_a_number_of_files_that_nobody_sends_is_cut() -> None:
    assert len(parsed(NumMedia="9999").media) <= 20


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["picture"], "1 picture"),
        (["picture", "voice note", "picture"], "2 pictures, 1 voice note"),
        (["place on a map"] * 2, "2 places on a map"),
        ([], ""),
    ],
)
def test_staff_read_how_many_of_what(kinds: list[str], words: str) -> None:
    assert in_words(kinds) == words


def test_a_picture_without_words_is_a_case_and_shown_everywhere(visit: Appointment) -> None:
    asked_about(visit)
    message = writes(visit, "", media=("picture",))
    case = Escalation.objects.get()
    assert (case.reason, case.title) == ("media", "A patient sent 1 picture.")
    assert written(message, texts=True) == "[1 picture]"
    assert inspect.full(visit)["messages"][-1]["media"] == "1 picture"
    assert status_of(visit) == "booked"


def test_who_may_not_read_texts_still_sees_what_came(visit: Appointment) -> None:
    message = writes(visit, "look at this rash", media=("picture",))
    assert written(message, texts=True) == "look at this rash [1 picture]"
    assert written(message, texts=False) == "[1 picture]"


def test_a_yes_with_a_picture_confirms_and_a_person_looks_at_it(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "C", media=("picture",))
    assert status_of(visit) == "confirmed"
    assert cases() == ["media"]


def test_a_stop_with_a_picture_is_a_stop(visit: Appointment) -> None:
    writes(visit, "STOP", media=("picture",))
    assert cases() == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"ButtonText": "✅ Confirm", "Body": "✅ Confirm"}, "C"),
        ({"ListId": "r", "ListTitle": "Another time"}, "R"),
        ({"ButtonText": "Cancel appointment"}, "X"),
        ({"Body": "Cancel appointment"}, "Cancel appointment"),
    ],
)
def test_a_buttons_own_words_stand_for_its_letter(form: dict[str, str], said: str) -> None:
    assert parsed(**form).text == said


@pytest.mark.parametrize(
    ("given", "says"),
    [("STOP", "stop"), (" stop ", "stop"), ("Start", "start"), ("HELP", "help"), ("BLOCK", ""), ("", "")],
)
def test_the_carriers_own_word_for_a_message_is_passed_on(given: str, says: str) -> None:
    news = parsed(Body="ABMELDEN", OptOutType=given)
    assert (news.carrier_says, news.provider_answered) == (says, bool(says))
