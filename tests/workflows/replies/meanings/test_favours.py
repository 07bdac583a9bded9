"""A yes needs something that speaks for it: news about the visit's own day is none, and neither is a question."""

from __future__ import annotations

from datetime import datetime

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.times.fit import VisitFacts

# The visit is on Monday the 30th at three; it is Saturday.
VISIT = VisitFacts(start=datetime(2026, 11, 30, 15, 0), now=datetime(2026, 11, 28, 14, 50))  # noqa: DTZ001 - wall clock
OURS = "Hi Ana, see you at Juniper Lane Dental on Mon, Nov 30 at 3:00 PM? Reply C to confirm, X if you cannot come."
NEWS = (
    "funeral is monday at 3", "my flight is monday at 3", "work monday at 3", "kids have school monday", "monday sucks",
    "you are closed monday", "i teach at 3", "at 3 i teach", "i'll be on a plane monday", "monday 3 is my nap lol",
    "that's Leo's, monday", "we will see monday", "i get paid monday", "rain monday", "court monday",
    "monday is tricky",
    "the plumber comes monday at 3", "my exam is monday", "monday at 3 my son graduates", "ugh monday", "monday :(",
    "monday 😩", "ok noted will check", "trabajo el lunes", "el lunes viajo", "murio el lunes",
    "a las 3 salgo del trabajo",
    "voy a estar en mexico el lunes", "voy a checar si puedo el lunes", "voy a parir el lunes", "voy a preguntar",
    "la voy a matar", "vamos a ver el lunes", "el lunes tengo examen", "ahi vemos", "el lunes esta dificil",
)  # fmt: skip
CHECKS = (
    "Monday, right?", "so its at 3?", "monday at 3, correct?", "its monday at 3 right", "monday yes?", "it's monday?",
    "ok so its monday the 30th?", "just making sure it's monday the 30th at 3", "you mean monday the 30th correct",
    "Ok Monday 3pm, is that right?", "my appt is monday at 3 right", "please confirm monday at 3", "yes monday at 3?",
    "i believe its monday at 3", "can you confirm its monday at 3", "Monday 3pm. Right?", "lunes a las 3 verdad",
    "el lunes, cierto", "el lunes a las 3, cierto?", "el lunes, si?", "confirmeme si es el lunes", "es el lunes, no?",
    "ok es a las 3 de la tarde?", "me confirma si es el lunes a las 3",
)  # fmt: skip
YES = (
    "monday at 3", "me and my son monday 3", "monday 3 where do i park", "see you monday, ok?", "monday? ok 3pm it is",
    "monday?? ugh fine", "monday at 3 is right", "that's right, monday at 3", "3pm monday locked in",
    "monday 3pm. will wear pants",
    "el lunes a las 3, apuntado", "voy a estar ahi el lunes", "si voy a ir el lunes", "yes 😩",
    "que si, el lunes a las 3",
    "it is", "Monday the 30th at 3. Correct.", "voy a llevar a mi hija el lunes a las 3, si voy",
)  # fmt: skip


def is_yes(text: str) -> bool:
    found = classify(text=text, question=OpenQuestion.CONFIRM, visit=VISIT, context=OURS)
    return found.label is Label.CONFIRM and found.decided


@pytest.mark.parametrize("text", NEWS)
def test_news_about_the_visits_own_day_is_no_yes(text: str) -> None:
    assert not is_yes(text)


@pytest.mark.parametrize("text", CHECKS)
def test_who_asks_whether_the_time_is_right_has_confirmed_nothing(text: str) -> None:
    assert not is_yes(text)


@pytest.mark.parametrize("text", YES)
def test_a_yes_and_the_visits_own_time_alone_still_confirm(text: str) -> None:
    assert is_yes(text)
