"""What we wrote comes back in many shapes; only what the person wrote is read."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from workflows.replies.labels import Label, OpenQuestion, Sort
from workflows.replies.text.normalize import MAX_CHARS
from workflows.replies.text.ours import Sent, apart
from workflows.replies.text.reactions import Meaning
from workflows.replies.understand import understand
from workflows.replies.words import wordlists

BOOKED = (
    "Bright Dental: your visit is booked for Tue, Dec 1 at 2:30 PM. Reply R to reschedule, X if you cannot come. "
    "Text STOP to opt out."
)
ASKED = (
    "Hi Ana, see you at Bright Dental on Tue, Dec 1 at 2:30 PM? "
    "Reply C to confirm, R to reschedule, X if you cannot come."
)
LINE = "Text STOP to opt out."
SENT = Sent([ASKED, BOOKED], instructions=[LINE])
FOR, AGAINST, NOTHING = Meaning.FOR, Meaning.AGAINST, Meaning.NOTHING


@dataclass(frozen=True)
class Question:
    """The newest of the texts that were sent asks; the older one is about another time."""

    is_open: bool

    def answers(self, quoted: tuple[int, ...]) -> bool:
        return self.is_open and 0 in quoted

    def fits(self, quoted: tuple[int, ...]) -> bool:
        return set(quoted) == {0}


def read(text: str, *, open_question: bool = True) -> tuple[Label, Sort]:
    asked = Question(open_question)
    found = understand(text, question=OpenQuestion.CONFIRM, context=ASKED, sent=SENT, asked=asked)
    return found.label, found.sort


@pytest.mark.parametrize(
    ("form", "meaning"),
    [
        ("Liked “%s”", FOR),
        ('Liked "%s"', FOR),
        ("Loved “%s”", FOR),
        ("LIKED “%s”", FOR),
        ("\u200a\u200b👍🏽\u200b to “\u200a%s\u200a”\u200a", FOR),
        ("👍 to “%s”", FOR),
        ("Reacted ❤️ to “%s”", FOR),
        ("reacted with ✅ to “%s”", FOR),
        ("Reacted 💯 to “%s”", FOR),
        ("Reacted to “%s” with 👍", FOR),
        ("Liked %s", FOR),
        ("Le gusta “%s”", FOR),
        ("Le gustó «%s»", FOR),
        ("Le encantó “%s”", FOR),
        ("Reaccionó con 👍 a “%s”", FOR),
        ("A aimé « %s »", FOR),
        ("Gostou de “%s”", FOR),
        ("Gefällt „%s“", FOR),
        ("Hat mit 👍 auf „%s“ reagiert", FOR),
        ("Disliked “%s”", AGAINST),
        ("Questioned “%s”", AGAINST),
        ("Reacted 👎 to “%s”", AGAINST),
        ("👎 to “%s”", AGAINST),
        ("No le gustó “%s”", AGAINST),
        ("Cuestionó “%s”", AGAINST),
        ("N’a pas aimé « %s »", AGAINST),
        ("Gefällt „%s“ nicht", AGAINST),
        ("Laughed at “%s”", NOTHING),
        ("Emphasized “%s”", NOTHING),
        ("Reacted 😂 to “%s”", NOTHING),
        ("Removed a like from “%s”", NOTHING),
        ("Removed a heart from “%s”", NOTHING),
        ("Removed 👍 from “%s”", NOTHING),
        ("Se rio de “%s”", NOTHING),
        ("Hizo énfasis en “%s”", NOTHING),
    ],
)
@pytest.mark.parametrize("text", [ASKED, BOOKED])
def test_a_reaction_is_known_in_every_spelling(form: str, meaning: Meaning, text: str) -> None:
    found = apart(form % text, SENT)
    assert found.reaction is not None
    assert (found.reaction.meaning, found.text) == (meaning, "")
    assert found.quoted == ((0,) if text == ASKED else (1,))


@pytest.mark.parametrize("cut", ["Hi Ana, see you at Bright Den…", "Hi Ana, see you at Bright Den...", ASKED[:60]])
def test_a_quote_that_was_cut_short_is_known(cut: str) -> None:
    assert apart(f"Liked “{cut}”", SENT).quoted == (0,)
    assert apart(f"Liked “{cut}", SENT).quoted == (0,)


@pytest.mark.parametrize(
    "text", ["Loved the place", "Liked it a lot", "yes to “ok”", "👍", "I liked “Bright Dental”", ""]
)
def test_words_that_are_no_reaction_stay_as_they_are(text: str) -> None:
    found = apart(text, SENT)
    assert (found.text, found.took_out) == (text, False)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"> {ASKED}\nyes", "yes"),
        (f"yes!\n> {ASKED}", "yes!"),
        (f"Yes, see you\n\nOn Mon, Nov 30, 2026 at 10:00 AM Bright Dental <a@b.c> wrote:\n> {BOOKED}", "Yes, see you"),
        (f"ok\nEl lun, 30 nov 2026 a las 10:00, Bright Dental escribió:\n{BOOKED}", "ok"),
        (f"no puedo\n-----Original Message-----\n{BOOKED}", "no puedo"),
        (f"[30/11/26, 10:00] Bright Dental: {ASKED}\nyes", "yes"),
        (f"Is this real? {BOOKED}", "Is this real?"),
        (f"{BOOKED} is this real?", "is this real?"),
        (f"fwd: {BOOKED}", ""),
        (f"Liked “{BOOKED}”\n\nSent from my iPhone", ""),
        (f"{BOOKED}\n👍", "👍"),
        (f"Re: “{BOOKED}”", ""),
        (BOOKED, ""),
        (BOOKED.upper(), ""),
        (f"{ASKED}\n\n{BOOKED}", ""),
        (f"Liked “{BOOKED}” STOP", "STOP"),
        (f"STOP\n> {BOOKED}", "STOP"),
    ],
)
def test_quoted_and_forwarded_texts_are_taken_out(text: str, own: str) -> None:
    assert apart(text, SENT).text == own


def test_the_day_and_hour_in_our_very_words_are_the_persons_own() -> None:
    assert apart("yes Tue, Dec 1 at 2:30 PM", SENT).text == "yes Tue, Dec 1 at 2:30 PM"


@pytest.mark.parametrize(
    "text",
    [f"Liked “{BOOKED}”", f"fwd: {BOOKED}", f"> {BOOKED}", f"Removed a like from “{BOOKED}”", f"Emphasized “{BOOKED}”"],
)
def test_our_own_opt_out_line_is_nobodys_wish(text: str) -> None:
    assert read(text)[0] is Label.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "Is this real? Bright Dental: your visit is booked for Fri, Nov 6 at 9:00 AM. Text STOP to opt out.",
        "Liked “Bright Dental: your visit is booked for Fri, Nov 6 at 9:00 AM. Text STOP to opt out.”",
        "Disliked “some other office: Text STOP to opt out.”",
    ],
)
def test_a_text_of_ours_that_is_not_known_is_known_by_its_shape(text: str) -> None:
    assert read(text)[0] is not Label.STOP


@pytest.mark.parametrize(
    "text",
    ["STOP", "Text STOP to opt out",
     f"Liked “{BOOKED}” stop", f"stop texting me\n> {ASKED}", f"{BOOKED}\nSTOP", "> STOP",
     'Loved "hello there" STOP'],
)  # fmt: skip
def test_a_stop_of_their_own_beside_a_quote_still_stops(text: str) -> None:
    assert read(text)[0] is Label.STOP


def test_only_a_plain_yes_under_the_open_question_confirms() -> None:
    assert read(f"Liked “{ASKED}”") == (Label.CONFIRM, Sort.LIKE)
    assert read(f"Liked “{ASKED}”", open_question=False) == (Label.OTHER, Sort.REACTION)
    assert read(f"Liked “{BOOKED}”") == (Label.OTHER, Sort.REACTION)
    assert read(f"Laughed at “{ASKED}”") == (Label.OTHER, Sort.REACTION)
    assert read(f"Removed a like from “{ASKED}”") == (Label.OTHER, Sort.REACTION)
    assert read("Liked an image") == (Label.OTHER, Sort.REACTION)


def test_a_no_under_a_text_of_ours_is_for_a_person() -> None:
    assert read(f"Disliked “{ASKED}”") == (Label.OTHER, Sort.AGAINST)
    assert read(f"Disliked “{ASKED}” yes")[0] is Label.OTHER


def test_a_yes_beside_words_that_nobody_knows_is_for_a_person() -> None:
    assert read("yes\n> see you at the other clinic on Monday")[0] is Label.OTHER
    assert read(f"yes\n> {ASKED}")[0] is Label.CONFIRM


@pytest.mark.parametrize("text", ["👍\n> %s", "%s 👍", "“%s” yes"])
def test_a_yes_beside_a_quote_counts_for_what_was_quoted(text: str) -> None:
    assert read(text % ASKED)[0] is Label.CONFIRM
    assert read(text % BOOKED)[0] is Label.OTHER


@pytest.mark.parametrize("form", ["Took 👍 back from “%s”", "Ana ha quitado 👍 de “%s”", "Hid 👍 under “%s”"])
def test_a_way_to_react_that_is_not_known_yet_confirms_nothing(form: str) -> None:
    assert read(form % ASKED)[0] is Label.OTHER


@pytest.mark.parametrize("text", ["Liked “" * 900, 'Liked "' + 'a"' * 2000, "> " * 9000, "“" * 9000, f"{ASKED} " * 80])
def test_nasty_quotes_end_soon(text: str) -> None:
    started = time.thread_time()
    apart(text, SENT)
    assert time.thread_time() - started < 2.0


def test_what_lies_beyond_the_longest_message_is_not_looked_at() -> None:
    assert apart(" " * MAX_CHARS + BOOKED, SENT).took_out is False


def test_every_form_of_a_reaction_is_written_as_it_is_compared() -> None:
    for section in ("for", "against", "nothing", "by_emoji"):
        for forms in wordlists.subject("reactions")[section].values():
            assert all(form == form.lower() and form.isprintable() for form in forms)
            assert all(("{text}" in form) != ("{thing}" in form) for form in forms)
