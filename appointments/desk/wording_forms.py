"""Forms for wordings: what a business writes itself, and what WhatsApp approved."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from appointments import business_rules, profiles
from appointments.models import Business, MessageTemplate, WhatsAppTemplate
from appointments.profiles import DEFAULT_PROFILE
from appointments.texts.links import own_hosts
from appointments.texts.lint import lint
from appointments.texts.render import VARIABLES
from aro.desk.show import humanized
from compliance.kinds import FORMER_NAMES, Kind
from compliance.models import Channel

_KINDS = [(kind.value, humanized(kind.value)) for kind in Kind if kind not in FORMER_NAMES]


def _spoken(typed: str) -> str:
    """The language as wordings are kept under it: `es-MX` is served by `es`. Raises `ValidationError`."""
    return profiles.load(DEFAULT_PROFILE).language(business_rules.language(typed.strip(), DEFAULT_PROFILE))


def _own_hosts() -> frozenset[str]:
    business = Business.objects.first()
    return own_hosts(business) if business else frozenset()


class TemplateForm(forms.ModelForm[MessageTemplate]):
    """A new wording; the linter refuses what must not be sent and lists what costs money or tone."""

    name = forms.ChoiceField(label="Text", choices=_KINDS)

    class Meta:
        model = MessageTemplate
        fields: ClassVar[list[str]] = ["name", "language", "channel", "tone", "subject", "body"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        if "body" in self.fields:
            allowed = ", ".join(f"{{{{ {name} }}}}" for name in sorted(VARIABLES))
            self.fields["body"].help_text = f"Values you may use: {allowed}."

    def clean_language(self) -> str:
        return _spoken(self.cleaned_data["language"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        findings = lint(
            kind=cleaned.get("name", ""),
            body=cleaned.get("body", ""),
            subject=cleaned.get("subject", ""),
            language=cleaned.get("language", "en"),
            channel=cleaned.get("channel", Channel.SMS),
            own_hosts=_own_hosts(),
        )
        for error in findings.errors:
            self.add_error("body", error)
        self.warnings = findings.warnings
        return cleaned


class WhatsAppTemplateForm(forms.ModelForm[WhatsAppTemplate]):
    """An approved wording: the same rules as for every other text, and an id that the carrier gave."""

    kind = forms.ChoiceField(label="Text", choices=_KINDS)

    class Meta:
        model = WhatsAppTemplate
        fields: ClassVar[list[str]] = ["kind", "language", "content_sid", "wording"]

    def clean_content_sid(self) -> str:
        sid: str = self.cleaned_data["content_sid"].strip()
        if not re.fullmatch(settings.TEMPLATE_ID, sid):
            raise ValidationError(settings.TEMPLATE_ID_WORDS)
        return sid

    def clean_language(self) -> str:
        return _spoken(self.cleaned_data["language"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        body, kind = cleaned.get("wording", ""), cleaned.get("kind", "")
        for error in lint(body=body, kind=kind, channel=Channel.WHATSAPP, own_hosts=_own_hosts()).errors:
            self.add_error("wording", error)
        return cleaned
