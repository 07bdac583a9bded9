"""Who says that the visit stands has cancelled nothing, whatever the readers think; a bare no is for a person."""

from __future__ import annotations

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion

OURS = "Hi Ana, see you on Thu, Dec 3 at 2:00 PM? Reply C to confirm, R to reschedule, X if you cannot come."


def label_of(text: str) -> Label:
    return classify(text=text, question=OpenQuestion.CONFIRM, context=OURS).label


@pytest.mark.parametrize(
    "text",
    [
        "cancel that, I'm coming", "cancel that, see you thursday", "never mind the cancel, ill be there",
        "dont give it to someone else", "give it to someone else?? no its mine", "please dont take me off",
        "no la quiten, voy", "no se la den a nadie", "no need for a reminder", "ignore my cancellation",
        "not feeling suicidal anymore thanks", "al final si voy",
        "I cancelled my other appointment so I can come", "cancelé lo del dentista para poder ir",
        "no", "Nope", "que no",
    ],
)  # fmt: skip
def test_nothing_is_cancelled(text: str) -> None:
    assert label_of(text) is not Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "cancel it",
        "give it to someone else",
        "take me off thursday",
        "no, cant come",
        "quítenla por favor",
        "que la tome otra persona",
        "X",
    ],
)
def test_who_does_not_come_is_still_understood(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "are you open thursday?",
        "Is my appointment thursday at 2?",
        "R u sure it's thursday?",
        "is it still thursday?",
        "was it thursday at 2",
    ],
)
def test_a_question_about_the_visits_own_day_confirms_nothing(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text", ["estoy afuera", "afuera estoy", "ya estoy afuera", "I took my pills this morning as told"]
)
def test_who_waits_outside_is_in_no_danger(text: str) -> None:
    assert label_of(text) is not Label.EMERGENCY


@pytest.mark.parametrize(
    "text", ["Quiero reagendar", "reagendar", "quisiera reagendar por favor", "need to reschedule", "Reprogramar"]
)
def test_another_time_in_so_many_words_is_never_doubted(text: str) -> None:
    assert label_of(text) is Label.RESCHEDULE


@pytest.mark.parametrize("text", ["can't make it, no need to rebook", "no puedo ir, no me reagenden"])
def test_who_wants_no_other_time_is_offered_none(text: str) -> None:
    assert label_of(text) is not Label.RESCHEDULE
