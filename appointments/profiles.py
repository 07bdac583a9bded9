"""Profile packs: what a vertical says and how it tightens the rules. Data in `config/profiles/<id>/`, never code."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aro.project import CONFIG
from compliance.kinds import Kind

DIRECTORY = CONFIG / "profiles"
TONES = ("friendly", "professional", "urgent")
DEFAULT_PROFILE = "healthcare"
T = TypeVar("T", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Services(_Part):
    """How a visit may be called in one language. `names`: booking system's name, lower case, to the name shown."""

    default: str
    names: dict[str, str] = Field(default_factory=dict)


class Caps(_Part):
    """Tighter caps than the policy's; 0 leaves the policy's."""

    per_day: int = Field(default=0, ge=0)
    per_week: int = Field(default=0, ge=0)


class PackFile(_Part):
    id: str
    name: str
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    default_language: str
    languages: tuple[str, ...] = Field(min_length=1)
    services: dict[str, Services]
    caps: Caps = Caps()


class Words(_Part):
    opt_out_line: str
    email_opt_out_line: str
    nobody: str
    call_us: str
    call_us_at: str


class Dates(_Part):
    weekdays: tuple[str, ...] = Field(min_length=7, max_length=7)
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    date: str
    half_days: tuple[str, ...] = Field(default=(), max_length=2)


class Wording(_Part):
    """One text. `sms` serves every channel that has no text of its own."""

    version: int = Field(ge=1)
    subject: str
    sms: str
    whatsapp: str = ""
    email: str = ""

    def body(self, channel: str) -> str:
        return {"whatsapp": self.whatsapp, "email": self.email}.get(channel) or self.sms


class Language(_Part):
    words: Words
    dates: Dates
    texts: dict[Kind, dict[str, Wording]]


class Pack(_Part):
    file: PackFile
    texts: dict[str, Language]

    def language(self, wanted: str) -> str:
        """The pack's language nearest to a wanted one: `es-MX` is served by `es`, an unknown one by the default."""
        plain = wanted.replace("_", "-").split("-")[0].lower()
        return plain if plain in self.texts else self.file.default_language

    def service(self, name: str, language: str) -> str:
        """The safe display name of a booking system's service."""
        services = self.file.services[self.language(language)]
        return services.names.get(name.strip().lower(), services.default)


@cache
def load(profile: str = DEFAULT_PROFILE) -> Pack:
    """The pack of a profile; read once per process. Raises `ImproperlyConfigured` naming the file and the value."""
    if profile not in available():
        raise ImproperlyConfigured(f"There is no profile {profile!r}. Available: {', '.join(available())}.")
    return read(DIRECTORY / profile)


def available() -> list[str]:
    """The ids of the packs that are there."""
    return sorted(path.parent.name for path in DIRECTORY.glob("*/pack.toml"))


def read(folder: Path) -> Pack:
    """Reads and checks a pack folder."""
    pack = _checked(PackFile, folder / "pack.toml", _toml(folder / "pack.toml"))
    texts = {code: _language(folder / "texts" / f"{code}.toml") for code in pack.languages}
    missing = [code for code in (pack.default_language, *pack.languages) if code not in pack.services]
    if missing or pack.default_language not in texts:
        raise ImproperlyConfigured(
            f"{folder / 'pack.toml'}: every language, the default too, needs texts and services."
        )
    return Pack(file=pack, texts=texts)


def _language(path: Path) -> Language:
    values = _toml(path)
    own: dict[str, Any] = {key: values.pop(key) for key in ("words", "dates") if key in values}
    language = _checked(Language, path, own | {"texts": values})
    for kind, tones in language.texts.items():
        if not tones or set(tones) - set(TONES):
            raise ImproperlyConfigured(f"{path}: {kind} has no tone or an unknown one. Tones: {', '.join(TONES)}.")
    return language


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error}.") from error


def _checked(model: type[T], path: Path, values: dict[str, Any]) -> T:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ImproperlyConfigured(f"{path}: {where}: {first['msg']}.") from error
