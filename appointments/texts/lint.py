"""The linter of wordings. An error must not be saved or shipped; a warning costs money or tone, and a person decides.

The rule that matters most: no text may ask for a word as an answer about a visit that carriers or the law read as an
opt-out (or, like YES, as an opt-in). Saying how to stop the texts themselves is no such answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from appointments import profiles
from appointments.models import Business, MessageTemplate
from appointments.profiles import DEFAULT_PROFILE, Pack
from appointments.texts import catalogue, fit, gsm, links, render, values
from appointments.texts.catalogue import Choice
from appointments.texts.values import TextError
from compliance import content, policy
from compliance.kinds import ASKING_REMINDERS, Kind
from compliance.models import Channel

# Longest usual values: what one segment has to hold.
TYPICAL: Mapping[str, str] = {
    "customer_name": "Christopher",
    "business_name": "Harbor Street Dental",
    "business_phone": "(202) 555-0123",
    "service": "",
    "date": "Wed, Nov 30",
    "time": "10:30 AM",
    "link": "https://book.example/aB3dE5fG7h",
    "amount": "$150",
    "visits": "Wed, Nov 30: Tom 10:00 AM, Amy 10:30 AM",
}
_ASKS = re.compile(
    r"\b(?:reply|respond|answer|text|send|type|write|press|responda|responde|conteste|contesta|escriba|escribe|"
    r"env[ií]e|env[ií]a|mande|manda|marque|marca)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
# A tail like "STOP to opt out" speaks of the texts; any of the visit words makes it an answer about the visit again.
_ABOUT_TEXTS = re.compile(
    r"^['\"”’]?\s+(?:to|for|and|para|y)\b[^,;]*\b(?:opt out|opt in|unsubscribe|texts?|messages?|them|help|mensajes|"
    r"recibirlos|ayuda|darse de baja)\b",
    re.IGNORECASE,
)
_ABOUT_A_VISIT = re.compile(
    r"\b(?:confirm\w*|reschedul\w*|appointments?|visits?|bookings?|come|coming|cita|citas|visita|cambiar\w*|venir)\b",
    re.IGNORECASE,
)


@dataclass
class Findings:
    """What is wrong with a wording, each as a sentence for whoever wrote it."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors


def lint(  # noqa: PLR0913 - each says another thing about the wording
    *,
    body: str,
    kind: str = "",
    subject: str = "",
    language: str = "en",
    profile: str = DEFAULT_PROFILE,
    channel: str = Channel.SMS,
    own_hosts: Collection[str] = (),
) -> Findings:
    """Checks a wording before it is saved or shipped. What an SMS costs is no matter on other channels.

    `kind`: what the text is for, and so which values it cannot do without. `own_hosts`: where links may lead, besides
    those that values bring.
    """
    errors = [*_structure(body, subject), *_forbidden_answers(body), *_forbidden_content(body, subject)]
    errors += fit.problems(kind, body, subject=subject, channel=channel)
    errors += _foreign_links(f"{subject} {body}", own_hosts)
    findings = Findings(errors=errors)
    if findings.ok and channel != Channel.EMAIL:
        pack = profiles.load(profile)
        findings.warnings.extend([*_asks_nothing(kind, body), *_costs(body, pack.language(language), pack)])
    return findings


def lint_pack(profile: str) -> list[tuple[Choice, Findings]]:
    """Every wording of a pack with its findings."""
    return [(choice, _of(choice, profile)) for choice in catalogue.shipped(profile)]


def lint_own(profile: str = DEFAULT_PROFILE) -> list[tuple[Choice, Findings]]:
    """Every active wording that a business wrote itself."""
    rows = MessageTemplate.objects.filter(active=True).order_by("name", "language", "version")
    business = Business.objects.first()
    own = links.own_hosts(business) if business else ()
    return [(choice, _of(choice, profile, own)) for choice in map(catalogue.from_row, rows)]


def lint_words(profile: str) -> list[tuple[str, str]]:
    """Languages of a pack whose opt-out line names no word that opts out, with what is wrong."""
    lines = {code: texts.words.opt_out_line for code, texts in profiles.load(profile).texts.items()}
    return [(code, "The opt-out line names no opt-out word.") for code, line in lines.items() if not _opt_outs_in(line)]


def _of(choice: Choice, profile: str, own_hosts: Collection[str] = ()) -> Findings:
    found = lint(
        own_hosts=own_hosts,
        kind=choice.kind,
        body=choice.body,
        subject=choice.subject,
        language=choice.language,
        profile=profile,
        channel=choice.channel,
    )
    found.errors.extend(unspoken(choice.language, profile))
    return found


def unspoken(language: str, profile: str = DEFAULT_PROFILE) -> list[str]:
    """Why a wording in this language would reach nobody; empty when patients are written to in it."""
    known = sorted(profiles.load(profile).texts)
    return [] if language in known else [f"No patient is written to in {language[:8]!r}. Use {' or '.join(known)}."]


def _structure(body: str, subject: str) -> Iterator[str]:
    used = values.names_in(body) | values.names_in(subject)
    for name in sorted(used - render.VARIABLES):
        yield f"{{{{ {name} }}}} is not a value that texts may use. Allowed: {', '.join(sorted(render.VARIABLES))}."
    if "business_name" not in values.names_in(body):
        yield "The text must name the business: add {{ business_name }}."
    rest = re.sub(r"\{\{\s*\w+\s*\}\}", "", body + subject)
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", rest):
        yield "The text contains invisible control characters. Type it anew instead of pasting."


def _forbidden_answers(body: str) -> Iterator[str]:
    for sentence in _SENTENCE.findall(body):
        asked = _ASKS.search(sentence)
        for word in _answers_in(sentence[asked.end() :]) if asked else ():
            yield (
                f"Do not ask people to answer {word.upper()} about a visit: carriers and the law read it as "
                "something else. Ask for C to confirm, R to reschedule, X if they cannot come."
            )


def _answers_in(tail: str) -> Iterator[str]:
    """Words asked for as an answer: in capitals, quoted, or right after the verb, a comma, a slash or `or`."""
    for found in _answer_pattern().finditer(tail):
        word, before, after = found[0], tail[: found.start()], tail[found.end() :]
        asked = word.isupper() or bool(re.search(r"(?:^\s*|[,/'\"“‘=:]\s*|\b(?:or|o|with|con|either)\s+)$", before))
        if asked and not _speaks_of_texts(after):
            yield word


def _speaks_of_texts(after: str) -> bool:
    """`... to opt out`, `... para no recibir mensajes`; not `... to opt out of your visit`."""
    found = _ABOUT_TEXTS.search(after)
    return bool(found) and not _ABOUT_A_VISIT.search(after.split(",")[0])


def _answer_pattern() -> re.Pattern[str]:
    rules = policy.current().opt_out
    words = sorted({*rules.words, *rules.never_an_answer}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _opt_outs_in(line: str) -> list[str]:
    return [word for word in policy.current().opt_out.words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line)]


def _forbidden_content(body: str, subject: str) -> Iterator[str]:
    for problem in content.problems(f"{body}\n{subject}"):
        yield f"The text contains {problem}. Texts lie open on lock screens: leave it out."


def _foreign_links(text: str, own_hosts: Collection[str]) -> Iterator[str]:
    for host in links.foreign(text, own_hosts):
        yield f"A link leads to {host[:60]}, which is not yours. Use {{{{ link }}}}, or a page of your own."


def _asks_nothing(kind: str, body: str) -> Iterator[str]:
    if kind in (*ASKING_REMINDERS, Kind.FAMILY_REMINDER) and not re.search(r"\bC\b", body):
        yield "This reminder asks for no answer. Ask for C, so that patients know how to confirm."


def _costs(body: str, language: str, pack: Pack) -> Iterator[str]:
    odd = gsm.foreign(re.sub(r"\{\{\s*\w+\s*\}\}", "", body))
    if odd:
        yield f"These characters more than halve the room of an SMS: {' '.join(odd)}"
    try:
        filled = render.filled(body, render.prepare(TYPICAL, language=language, pack=pack))
    except TextError as error:
        yield str(error)
        return
    parts = gsm.segments(filled)
    if parts > 1:
        yield f"With usual values this is {len(filled)} characters, billed as {parts} messages."
