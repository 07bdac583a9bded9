"""The words behind the rules: `config/replies/*.toml`, one file per language and one for what all of them share."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from aro.project import CONFIG

FOLDER: Final = CONFIG / "replies"
# Where two languages say something about the same word, the earlier file wins.
FILES: Final = ("common", "en", "es", "fr", "pt")
# What has a reader of its own, each file about one subject in all languages.
SUBJECTS: Final = (
    "attended", "calls", "cancelled", "coming", "courtesy", "delays", "departed", "languages", "machines", "new_number",
    "no_yes", "one_of_family", "perhaps_off", "reactions", "somebody_else", "wrong_number", "yes", "zones",
)  # fmt: skip

Phrases = tuple[str, ...]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Calendar(_Section):
    """In the order of the week (Monday first), of the year and of counting from one."""

    weekdays: Phrases = ()
    months: Phrases = ()
    numbers: Phrases = ()


class Answers(_Section):
    """Whole phrases, by what they say; forms of `grammar`."""

    yes: Phrases = ()
    do_it: Phrases = ()
    no: Phrases = ()
    enough: Phrases = ()
    polite: Phrases = ()
    offer: Phrases = ()
    """A yes only to an offer."""


class Changes(_Section):
    """Phrases about moving or cancelling a visit, found anywhere; forms of `grammar`.

    The second half counts only where we have just asked about the visit; a `..._trap` says that it is meant otherwise.
    `wish_for_time`: makes a wish of another day or hour that a question names, unless `no_wish` is there.
    `corrected`: takes back what stands beside it ("X no sorry typo. C"), so a person reads it. `not_yet`: a promise to
    confirm, or news, and no yes. `ask_trap`: a question that is more than one for information.
    `arrives`: an hour soon after the visit's is when they come. `other_business`: the time named is that of a call, an
    answer or a schedule. `no_new_time`: who wants none, so it says nothing of the visit. `x_trap`: beside a plain X it
    leaves the message to the other rules. `other_thing`: what is cancelled is not the visit ("cancel the ride").
    `not_late`: another lateness, whatever else is said ("my payment will be late").
    """

    move_visit: Phrases = ()
    move_cue: Phrases = ()
    move_vague: Phrases = ()
    cancel_visit: Phrases = ()
    not_coming: Phrases = ()
    cancel_now: Phrases = ()
    not_arriving: Phrases = ()
    cancel_trap: Phrases = ()
    stays: Phrases = ()
    other_thing: Phrases = ()
    move_now: Phrases = ()
    move_trap: Phrases = ()
    late: Phrases = ()
    late_trap: Phrases = ()
    not_late: Phrases = ()
    wish_for_time: Phrases = ()
    no_wish: Phrases = ()
    corrected: Phrases = ()
    not_yet: Phrases = ()
    ask_trap: Phrases = ()
    arrives: Phrases = ()
    other_business: Phrases = ()
    no_new_time: Phrases = ()
    x_trap: Phrases = ()


class Gist(_Section):
    """What may stand beside a yes.

    `aside`: whole harmless phrases; `words`: harmless words one by one; `weak`: a yes that says little; `nod`: one
    that says nothing beside a question; `subject`: begins a yes that needs something it is about; `hedge`: phrases
    that take a yes back; `against`: words with which nobody but a person may read a yes; `no_question`: phrases that
    look like a question and are none.
    """

    aside: Phrases = ()
    weak: Phrases = ()
    words: Phrases = ()
    nod: Phrases = ()
    subject: Phrases = ()
    hedge: Phrases = ()
    against: Phrases = ()
    no_question: Phrases = ()


class Stop(_Section):
    """`says_no`: beside the carrier's own stop keyword, one of these words is a no to our question as well."""

    alone: Phrases = ()
    strong: Phrases = ()
    polite: Phrases = ()
    start: Phrases = ()
    help: Phrases = ()
    says_no: Phrases = ()


class OptOut(_Section):
    """Sentences found anywhere, written for `phrasebook`; `otherwise`: what looks like one and is none.

    `elsewhere`: the end of something that is not our texts. `calls`: the end of calls, which only `coming` or `wanted`
    beside it makes one of calls alone. `wanted`: who likes our texts, unless `not_wanted` is met there. `texts`: what
    our texts are called; `joins`: what stands between two things that are named.
    """

    wordings: Phrases = ()
    otherwise: Phrases = ()
    elsewhere: Phrases = ()
    calls: Phrases = ()
    coming: Phrases = ()
    wanted: Phrases = ()
    not_wanted: Phrases = ()
    texts: Phrases = ()
    joins: Phrases = ()
    tables: dict[str, Phrases] = {}


class Doubts(_Section):
    """Who asks this beside a yes has confirmed nothing; forms of `grammar`, found anywhere."""

    phrases: Phrases = ()


class Questions(_Section):
    """`what_we_do`: how a sentence begins that asks about the clinic without a question word; forms of `grammar`."""

    what_we_do: Phrases = ()


class Spelling(_Section):
    """`shorthand`: plain words, and what people type for them; `phrases` are the same for more than one word.

    `slippable`: long words that one slip does not hide; `real`: other words that look like such a slip.
    """

    slippable: Phrases = ()
    real: Phrases = ()
    shorthand: dict[str, Phrases] = {}
    phrases: dict[str, Phrases] = {}


class WordList(_Section):
    """One file. `words`: the tables that forms name in braces."""

    calendar: Calendar = Calendar()
    words: dict[str, Phrases] = {}
    answers: Answers = Answers()
    changes: Changes = Changes()
    gist: Gist = Gist()
    stop: Stop = Stop()
    doubts: Doubts = Doubts()
    questions: Questions = Questions()
    opt_out: OptOut = OptOut()
    spelling: Spelling = Spelling()
    emoji: dict[str, Phrases] = {}


@cache
def one(name: str) -> WordList:
    """Raises `pydantic.ValidationError` for a section or a value that is not known."""
    return WordList.model_validate(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


@cache
def subject(name: str) -> dict[str, Any]:
    """A file about one subject, as it stands."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def everything() -> WordList:
    """All files as one: people answer in two languages at once."""
    return WordList.model_validate(_merged([one(name).model_dump() for name in FILES]))


def _merged(parts: list[dict[str, object]]) -> dict[str, object]:
    return {key: _joined([part[key] for part in parts if key in part]) for key in _keys(parts)}


def _joined(values: list[object]) -> object:
    if all(isinstance(value, dict) for value in values):
        return _merged([value for value in values if isinstance(value, dict)])
    return tuple(dict.fromkeys(entry for value in values if isinstance(value, tuple) for entry in value))


def _keys(parts: Iterable[dict[str, object]]) -> Iterable[str]:
    return dict.fromkeys(key for part in parts for key in part)


@cache
def vocabulary() -> dict[str, Phrases]:
    """What `{name}` stands for in a form; `{day}` is also every weekday, `{number}` also digits."""
    found = everything()
    day = (*found.calendar.weekdays, *found.words["day"])
    return found.words | {"day": day, "number": (*found.words["number"], "#")}
