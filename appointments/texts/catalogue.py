"""Which wording applies. In this order, for a kind in a language:

1. the business's own in the wanted tone,
2. the business's own in any other tone: whoever wrote a text of their own means it, whatever tone they filed it under,
3. the pack's in the wanted tone,
4. the pack's in any other tone.

The wanted tone is the caller's, else the kind's usual one. Other tones come in the order of `profiles.TONES`. Within
one tone the channel's own wording comes before the one for SMS, and the newest version before older ones. An e-mail is
never made of a business's own wording for SMS.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from appointments import profiles
from appointments.models import MessageTemplate
from appointments.profiles import TONES, Pack
from appointments.texts import fit
from appointments.texts.values import TextError
from aro.queue.remembered import remembered
from compliance.kinds import Kind, present_name
from compliance.models import Channel

# In which tone a kind speaks when nobody asks for another; all others are friendly.
USUAL_TONE: dict[Kind, str] = {Kind.REMINDER_LAST: "urgent"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A wording and where it came from. Label: `reminder_first/en/3`; the business's own versions begin with `own-`."""

    kind: Kind
    language: str
    tone: str
    version: str
    subject: str
    body: str
    channel: str = Channel.SMS

    @property
    def label(self) -> str:
        return f"{self.kind}/{self.language}/{self.version}"


def choose(*, kind: Kind, language: str, channel: str, tone: str | None, pack: Pack, tenant_id: str) -> Choice:
    """The wording for a kind, in the order that this module's head lists; an unknown language falls back to the pack's.

    Raises `TextError` when there is none at all.
    """
    kind, spoken = present_name(kind), pack.language(language)
    own = _own(kind=kind, language=spoken, channel=channel, tenant_id=tenant_id)
    tones = (tone or USUAL_TONE.get(kind, TONES[0]), *TONES)
    candidates = [own.get(name) for name in tones] + [_shipped(kind, spoken, channel, name, pack) for name in tones]
    found = next(filter(None, candidates), None)
    if found is None:
        raise TextError(f"There is no wording for {kind} in {spoken}. Add one under Message templates.")
    return found


def shipped(profile: str) -> Iterator[Choice]:
    """Every wording of a pack, for the linter and the documentation."""
    pack = profiles.load(profile)
    for language, content in pack.texts.items():
        for kind, tones in content.texts.items():
            for tone, wording in tones.items():
                bodies = {
                    Channel.SMS: wording.sms,
                    Channel.WHATSAPP: wording.whatsapp,
                    Channel.EMAIL: wording.email,
                }
                for channel, body in bodies.items():
                    if not body:
                        continue
                    yield Choice(
                        kind=kind,
                        language=language,
                        tone=tone,
                        version=str(wording.version),
                        subject=wording.subject,
                        body=body,
                        channel=channel,
                    )


def _shipped(kind: Kind, language: str, channel: str, tone: str, pack: Pack) -> Choice | None:
    wording = pack.texts[language].texts.get(kind, {}).get(tone)
    if wording is None:
        return None
    return Choice(
        kind=kind,
        language=language,
        tone=tone,
        version=str(wording.version),
        subject=wording.subject,
        body=wording.body(channel),
        channel=channel,
    )


def _own(*, kind: Kind, language: str, channel: str, tenant_id: str) -> dict[str, Choice]:
    """By tone. Sorted so that what is written last wins: the channel's own wording, and of those the newest. One that
    cannot do its job, from before that was looked at, is as good as none."""
    found = _active(tenant_id, kind, language, _served_by(channel))
    rows = [row for row in found if not fit.problems(row.name, row.body, subject=row.subject, channel=row.channel)]
    ordered = sorted(rows, key=lambda row: (row.channel == channel, row.version))
    return {row.tone: from_row(row) for row in ordered}


@remembered
def _active(tenant_id: str, kind: str, language: str, channels: Collection[str]) -> QuerySet[MessageTemplate]:
    return MessageTemplate.objects.filter(
        tenant_id=tenant_id, name=kind, language=language, channel__in=channels, active=True
    )


def _served_by(channel: str) -> set[str]:
    """A wording for SMS serves WhatsApp too; an e-mail has its own, because it cannot ask for an answer by text."""
    return {channel} if channel == Channel.EMAIL else {channel, Channel.SMS}


def from_row(row: MessageTemplate) -> Choice:
    """The business's own wording."""
    return Choice(
        kind=Kind(row.name),
        language=row.language,
        tone=row.tone,
        version=f"own-{row.version}",
        subject=row.subject,
        body=row.body,
        channel=row.channel,
    )
