"""Makes the text that goes out: wording, values, and the line that says how to opt out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from appointments import profiles
from appointments.profiles import DEFAULT_PROFILE, Pack, Words
from appointments.texts import catalogue, gsm, values
from appointments.texts.values import TextError
from compliance import content, phones, policy
from compliance.kinds import Kind
from compliance.models import DEFAULT_TENANT, Channel

# All that a wording may use. `call_us` is made here: "call (202) 555-0123", or "call us" when no number is known.
VARIABLES = frozenset(
    {
        "customer_name",
        "business_name",
        "business_phone",
        "service",
        "date",
        "time",
        "link",
        "amount",
        "emergency_number",
        "call_us",
        "visits",
    }
)
# Without a link the guardrails skip the text with a reason of its own, so the text is made all the same.
MAY_BE_EMPTY = frozenset({"customer_name", "link"})
_BLANKS = re.compile(r" {2,}")
_BLANK_BEFORE_MARK = re.compile(r" +([,.:;!?])(?=\s|$)")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A finished text. `segments` is 0 on channels that do not bill by segment.

    `problems`: why it must not be sent. `opt_out_line`: it says how to stop the texts.
    """

    body: str
    subject: str
    template: str
    segments: int
    unicode: bool
    problems: tuple[str, ...]
    opt_out_line: bool


def compose(  # noqa: PLR0913 - each names a separate choice
    *,
    kind: Kind,
    language: str,
    channel: str,
    values: Mapping[str, str],
    opt_out_line: bool,
    tone: str | None = None,
    profile: str = DEFAULT_PROFILE,
    tenant_id: str = DEFAULT_TENANT,
    unsubscribe_url: str = "",
) -> Text:
    """The text of a kind. `values` are raw: names and services as booked, `date` and `time` from `values.when`.

    An e-mail always says how to get no more of them, by `unsubscribe_url`; `opt_out_line` is about texts.

    Raises `TextError` when the wording needs a value that is missing or uses an unknown name.
    """
    pack = profiles.load(profile)
    choice = catalogue.choose(
        kind=Kind(kind), language=language, channel=channel, tone=tone, pack=pack, tenant_id=tenant_id
    )
    ready = prepare(values, language=choice.language, pack=pack)
    body = filled(choice.body, ready)
    subject = filled(choice.subject, ready)
    words = pack.texts[choice.language].words
    line = words.opt_out_line
    if channel == Channel.EMAIL:
        line = f"{words.email_opt_out_line} {unsubscribe_url}"
        body = f"{body}\n\n-- \n{ready.get('business_name', '')}\n{line}"
    elif opt_out_line and line not in body:
        body = f"{body} {line}"
    return Text(
        body=body,
        subject=subject,
        template=choice.label,
        segments=gsm.segments(body) if channel == Channel.SMS else 0,
        unicode=gsm.needs_unicode(body),
        problems=_problems(choice.body, f"{subject}\n{body}" if channel == Channel.EMAIL else body, ready),
        opt_out_line=line in body,
    )


def compose_approved(
    *, wording: str, label: str, language: str, values: Mapping[str, str], profile: str = DEFAULT_PROFILE
) -> tuple[Text, dict[str, str]]:
    """A wording that WhatsApp approved, filled, and the values by their numbers: 1 for the name that comes first.

    Raises `TextError` as `compose` does.
    """
    pack = profiles.load(profile)
    ready = prepare(values, language=pack.language(language), pack=pack)
    body = filled(wording, ready)
    text = Text(
        body=body,
        subject="",
        template=label,
        segments=0,
        unicode=False,
        problems=_problems(wording, body, ready),
        opt_out_line=pack.texts[pack.language(language)].words.opt_out_line in body,
    )
    return text, numbered(wording, ready)


def numbered(wording: str, ready: Mapping[str, str]) -> dict[str, str]:
    """`{"1": ..., "2": ...}` in the order in which the names first appear: what Twilio calls ContentVariables."""
    names = dict.fromkeys(values.ordered_names(wording))
    return {str(number): ready[name] for number, name in enumerate(names, start=1)}


def _problems(template: str, body: str, ready: Mapping[str, str]) -> tuple[str, ...]:
    """The business's own name may say what no text may."""
    no_link = ["no link, which it needs"] if "link" in values.names_in(template) and not ready["link"] else []
    return (*no_link, *content.problems(body, ignoring=[ready.get("business_name", "")]))


def prepare(raw: Mapping[str, str], *, language: str, pack: Pack) -> dict[str, str]:
    """Values made fit for a text: cleaned, cut to 40 characters, the service under its safe name."""
    unknown = sorted(set(raw) - VARIABLES)
    if unknown:
        raise TextError(f"No text may use {', '.join(unknown)}.")
    words = pack.texts[language].words
    ready = {name: values.cleaned(value) for name, value in raw.items() if name not in ("link", "visits")}
    ready["link"] = values.link(raw.get("link", ""))
    ready["visits"] = values.one_line(raw.get("visits", ""))
    ready["customer_name"] = values.first_name(raw.get("customer_name", "")) or words.nobody
    ready["service"] = pack.service(raw.get("service", ""), language)
    ready["call_us"] = _call_us(ready.get("business_phone", ""), words)
    ready.setdefault("emergency_number", policy.current().emergency_number(phones.DEFAULT_REGION))
    return ready


def _call_us(phone: str, words: Words) -> str:
    return values.fill(words.call_us_at, {"business_phone": phone}) if phone else words.call_us


def filled(template: str, ready: Mapping[str, str]) -> str:
    """A wording with prepared values in it, without the gaps that empty ones leave. Raises `TextError`."""
    given = {name: value for name, value in ready.items() if value or name in MAY_BE_EMPTY}
    body = values.fill(template, given).strip()
    return _BLANK_BEFORE_MARK.sub(r"\1", _BLANKS.sub(" ", body))
