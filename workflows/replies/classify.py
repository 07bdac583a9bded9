"""The order in which a reply is read: opt-out, opt-in, help, emergency, then rules that know the open question.

Decisions this file stands for:
- A sentence that asks for silence and tells of danger is both: the person is opted out, and an emergency.
- Without an open question nothing is ever confirmed. An explicit wish ("cancel my appointment", "I need to
  reschedule") still gets its label, because that label only opens a task for staff: a person cancels, never ARO.
- A "no" to an offer is DECLINE. Nothing was booked, so there is nothing to cancel.
- A "no" to "will you come?" without a word about coming is left to a person: it may mean another day.
"""

from __future__ import annotations

from typing import Final

from workflows.replies.agreement import agreed, asks_to_come, is_danger
from workflows.replies.danger.emergency import tells_of_danger
from workflows.replies.labels import WHOLE, Classification, Label, OpenQuestion, Sort, Source
from workflows.replies.meanings import changes, no_yes, wishes
from workflows.replies.meanings.letters import CANCELS, without_letter
from workflows.replies.meanings.offers import takes_the_offer
from workflows.replies.meanings.questions import is_question
from workflows.replies.people.names import unsigned, without_names
from workflows.replies.reading import Reading, read
from workflows.replies.stops.keywords import asks_help, is_foreign_opt_out, opts_in, opts_out
from workflows.replies.stops.machines import is_automatic, without_stock
from workflows.replies.stops.strangers import greeted, says_wrong_number
from workflows.replies.text.normalize import plain
from workflows.replies.text.signature import without_signature
from workflows.replies.times import zones
from workflows.replies.times.fit import VisitFacts
from workflows.replies.words.yes_no_words import Piece

__all__ = ["Classification", "OpenQuestion", "classify"]


def classify(
    *,
    text: str,
    question: OpenQuestion | None,
    context: str = "",
    visit: VisitFacts | None = None,
    names: frozenset[str] = frozenset(),
) -> Classification:
    """`visit`: the one visit the question is about; without it, `context` (our own last message) tells its time.
    `names`: whom our texts to this phone greet, in plain words, besides who is greeted in `context`."""
    words = plain(text)
    stranger = says_wrong_number(text, names=names | greeted(plain(context)))
    also = (Label.WRONG_NUMBER,) if stranger else ()
    keyword = Label.STOP if is_foreign_opt_out(text) else _keyword(plain(without_signature(text)))
    automatic = is_automatic(words)
    told = without_stock(words) if automatic else words
    danger = is_danger(told) if keyword is None else tells_of_danger(told)
    if danger and keyword in (None, Label.STOP):
        stops = (Label.STOP,) if keyword else ()
        reason = "words that may mean danger to life"
        return Classification(Label.EMERGENCY, 1.0, Source.RULES, reason, also=(*stops, *also))
    if keyword is not None:
        reason = f"the message is a {keyword.lower()} word or wording"
        return Classification(keyword, 1.0, Source.KEYWORD, reason, also=also)
    if stranger:
        return Classification(Label.WRONG_NUMBER, 0.95, Source.RULES, "somebody else answers")
    if automatic:
        return Classification(Label.OTHER, 0.0, Source.RULES, "sent by a phone or an office itself", sort=Sort.MACHINE)
    asked = question or OpenQuestion.NONE
    if wishes.takes_back(words):
        return Classification(Label.OTHER, 0.0, Source.NONE, "takes back something of what it says")
    reading = reading_of(text, asked=asked, context=context, visit=visit)
    found = by_rules_alone(reading, asked)
    if asked is not OpenQuestion.CONFIRM:
        return found
    found = agreed(found, reading) if visit is not None or asks_to_come(context) else found
    return no_yes.unless_none(found, text, words=reading.words, context=context)


def reading_of(text: str, *, asked: OpenQuestion, context: str, visit: VisitFacts | None) -> Reading:
    """The arguments as for `classify`. Without whom we greeted, and with what a single letter or a zone stands for."""
    facts = visit if asked is OpenQuestion.CONFIRM else None
    named = unsigned(plain(without_names(zones.without_capitals(text), context=context)))
    told = zones.told_here(named, start=facts.start if facts else None) if asked is OpenQuestion.CONFIRM else named
    words = wishes.without_refusals(without_letter(told, asked, context))
    return read(words=words, context=context, visit=facts)


def _keyword(words: str) -> Label | None:
    if opts_out(words):
        return Label.STOP
    if opts_in(words):
        return Label.START
    return Label.HELP if asks_help(words) else None


def by_rules_alone(reading: Reading, question: OpenQuestion) -> Classification:
    """What the rules alone say."""
    for rule in RULES:
        decision = rule(reading, question)
        if decision is not None:
            return decision
    return Classification(Label.OTHER, 0.0, Source.NONE, "no rule explains the whole message")


def _by_rule(label: Label, confidence: float, reason: str) -> Classification:
    return Classification(label, confidence, Source.RULES, reason)


def _late(reading: Reading, _question: OpenQuestion) -> Classification | None:
    if reading.asked or reading.new_time or not changes.LATE.search(reading.words):
        return None
    if wishes.is_no_lateness(reading.words):
        return None
    return _by_rule(Label.RUNNING_LATE, 0.9, "says that they are late")


def _late_or_coming(reading: Reading, question: OpenQuestion) -> Classification | None:
    """ "On my way" and the like, which only beside our question are about the visit."""
    if question is not OpenQuestion.CONFIRM or "?" in reading.named.parsed.tokens:
        return None
    if not wishes.is_late(reading.words) or wishes.wants_move(reading.words) or wishes.will_not_come(reading.words):
        return None
    return _by_rule(Label.RUNNING_LATE, 0.9, "says that they are late or on their way")


def _late_by_the_clock(reading: Reading, question: OpenQuestion) -> Classification | None:
    """ "Be there like 4:45" to a visit at 4:30: the same visit, and late."""
    if question is not OpenQuestion.CONFIRM or not reading.named.is_a_little_after:
        return None
    words, soon = reading.words, reading.named.days_away in (0, 1)
    says_so = wishes.is_late(words) or reading.named.says_how_long_after
    if not (says_so or (soon and wishes.says_when_they_arrive(words))) or wishes.is_no_lateness(words):
        return None
    if _wants_otherwise(words) or any(is_question(asked, asks=False) for asked in reading.asked):
        return None
    return _by_rule(Label.RUNNING_LATE, 0.9, "says that they come a little after the visit's time")


def _wants_otherwise(words: str) -> bool:
    return wishes.wants_move(words) or changes.wants_vague_change(words) or wishes.will_not_come(words)


def _cancel_first(reading: Reading, question: OpenQuestion) -> Classification | None:
    """ "X, back from Madrid until the 9th": the X is the answer, and the rest tells why."""
    if question is not OpenQuestion.CONFIRM or not reading.marked.startswith(f"{CANCELS} . "):
        return None
    if wishes.turns(reading.words) or wishes.wants_move(reading.words) or reading.asked or Piece.YES in reading.found:
        return None
    if not reading.named.only_away:
        return None
    return _by_rule(Label.CANCEL, WHOLE, "the answer for who cannot come")


def _move_visit(reading: Reading, question: OpenQuestion) -> Classification | None:
    if changes.wants_visit_moved(reading.words):
        return _by_rule(Label.RESCHEDULE, 0.95, "asks to move the visit")
    if question is OpenQuestion.CONFIRM and changes.wants_vague_change(reading.words):
        return _by_rule(Label.RESCHEDULE, 0.9, "asks for another day or time")
    return None


def _cancel_visit(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question is OpenQuestion.NONE and changes.ANSWERS_SOMETHING.search(reading.words):
        return None
    topic = question is OpenQuestion.CONFIRM
    if (topic and reading.only_asks_whether) or wishes.is_on(reading.words, marked=reading.marked):
        return None
    if not changes.wants_cancel(reading.words, visit_is_topic=topic, new_time=reading.named.is_new):
        return None
    return _by_rule(Label.CANCEL, 0.95, "says that they will not come, or asks to cancel the visit")


def _yes(reading: Reading, question: OpenQuestion) -> Classification | None:
    if not question.takes_yes or reading.unexplained or reading.doubts or reading.names_another_time:
        return None
    if wishes.is_no_yes(reading.words):
        return None
    if not reading.only_agrees and not (question is OpenQuestion.CONFIRM and reading.repeats_time):
        return None
    if question is OpenQuestion.OFFER and Piece.ENOUGH in reading.found:
        return None
    if question is OpenQuestion.CONFIRM and reading.leads_elsewhere:
        return None
    reason = "every phrase agrees, and nothing else is said"
    return Classification(Label.CONFIRM, WHOLE, Source.RULES, reason, asks=bool(reading.asked))


def _yes_in_passing(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question is not OpenQuestion.CONFIRM or reading.doubts or reading.names_another_time:
        return None
    if wishes.is_no_yes(reading.words) or not reading.agrees_in_passing:
        return None
    reason = "agrees, and nothing else that is said takes it back"
    return Classification(Label.CONFIRM, 0.9, Source.RULES, reason, asks=bool(reading.asked))


def _takes_offer(reading: Reading, question: OpenQuestion) -> Classification | None:
    """ "Send it", "mandeme el enlace": what we have offered is asked for."""
    if question is not OpenQuestion.OFFER or Piece.NO in reading.found or reading.doubts:
        return None
    if reading.named.parsed.mentions or not takes_the_offer((*reading.asked, *reading.unexplained)):
        return None
    return _by_rule(Label.CONFIRM, 0.9, "asks for what we have offered")


def _no(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question is not OpenQuestion.OFFER or reading.first is not Piece.NO or reading.new_time:
        return None
    return _by_rule(Label.DECLINE, 0.9, "does not want what we offered")


def _other_time(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question not in (OpenQuestion.CONFIRM, OpenQuestion.OFFER, OpenQuestion.NOTICE):
        return None
    if question is OpenQuestion.CONFIRM and reading.turns_to_another_time:
        return _by_rule(Label.RESCHEDULE, 0.9, "agrees, but to another day or time")
    if reading.asks_about_ours or not (_wishes_it(reading) or _agrees_to_another(reading, question)):
        return None
    if question is not OpenQuestion.CONFIRM and not changes.RETRY.search(reading.words):
        return None
    return _by_rule(Label.RESCHEDULE, 0.9, "names another day or time and asks for it")


def _wishes_it(reading: Reading) -> bool:
    """The visit's own time beside another one is no wish by itself ("1330 mon +1", "8. I am up at 4 anyway")."""
    mixed = reading.named.is_mixed and not wishes.wishes_time(reading.words)
    return reading.new_time and not mixed and not (reading.first is Piece.YES and not reading.turns)


def _agrees_to_another(reading: Reading, question: OpenQuestion) -> bool:
    """ "Yes, see you at 3" to a visit at 2 is no yes to it."""
    plain_yes = not reading.unexplained and not reading.wonders and Piece.NO not in reading.found
    return question is OpenQuestion.CONFIRM and plain_yes and reading.named.is_plainly_other


def _wish(reading: Reading, question: OpenQuestion) -> Classification | None:
    """What only an answer to our question about the visit can mean."""
    if question is not OpenQuestion.CONFIRM:
        return None
    words = reading.words
    cancels = wishes.wants_cancel(words) and not wishes.is_on(words, marked=reading.marked)
    another = reading.named.is_other and not cancels and not changes.is_other_business(words)
    if wishes.wants_move(words) or (wishes.will_not_come(words) and another):
        return _by_rule(Label.RESCHEDULE, 0.9, "asks for another day or time")
    if cancels or (wishes.will_not_come(words) and not reading.named.is_new and not reading.asked):
        return _by_rule(Label.CANCEL, 0.9, "says that they will not come, or asks to cancel the visit")
    return None


def _asked_for_time(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question is not OpenQuestion.CONFIRM or not reading.asked or not reading.named.is_other:
        return None
    if changes.is_other_business(reading.words) or not wishes.asks_for_time(reading.words):
        return None
    return _by_rule(Label.RESCHEDULE, 0.9, "asks whether another day or time is possible")


def _question(reading: Reading, question: OpenQuestion) -> Classification | None:
    if not reading.asked:
        return None
    if question is not OpenQuestion.NONE and (not reading.only_asks or wishes.is_more_than_asked(reading.words)):
        return None
    return _by_rule(Label.QUESTION, 0.8, "asks for information")


RULES: Final = (
    _late, _late_or_coming, _late_by_the_clock, _cancel_first, _move_visit, _cancel_visit, _yes, _yes_in_passing,
    _takes_offer, _no, _other_time, _wish, _asked_for_time, _question,
)  # fmt: skip
