from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from appointments import profiles
from compliance.kinds import FORMER_NAMES, Kind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped healthcare pack, to be spoilt."""
    return Path(shutil.copytree(profiles.DIRECTORY / "healthcare", tmp_path / "healthcare"))


def spoil(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize("profile", profiles.available())
def test_every_pack_words_every_kind_in_every_language(profile: str) -> None:
    pack = profiles.load(profile)
    assert set(pack.texts) == set(pack.file.languages)
    for language in pack.texts.values():
        assert set(language.texts) == set(Kind) - set(FORMER_NAMES)


@pytest.mark.parametrize("profile", profiles.available())
def test_every_language_of_a_pack_has_the_same_tones(profile: str) -> None:
    tones = [
        {(kind, tone) for kind, t in lang.texts.items() for tone in t} for lang in profiles.load(profile).texts.values()
    ]
    assert all(one == tones[0] for one in tones)


@pytest.mark.parametrize("kind", [Kind.REMINDER_FIRST, Kind.REMINDER_NEXT, Kind.REMINDER_LAST])
def test_every_reminder_comes_in_all_tones(kind: Kind) -> None:
    assert set(profiles.load("healthcare").texts["en"].texts[kind]) == set(profiles.TONES)


def test_a_language_is_served_by_the_nearest_one() -> None:
    pack = profiles.load("healthcare")
    assert [pack.language(wanted) for wanted in ("es", "es-MX", "ES_us", "fr", "")] == ["es", "es", "es", "en", "en"]


def test_a_clinical_service_is_called_a_visit() -> None:
    pack = profiles.load("healthcare")
    assert pack.service("Chemotherapy, cycle 3", "en") == "visit"
    assert pack.service("Video Visit", "en") == "video visit"
    assert pack.service("Chemotherapy, cycle 3", "es") == "cita"


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(ImproperlyConfigured, match="healthcare"):
        profiles.load("../secrets")


def test_the_shipped_pack_reads(folder: Path) -> None:
    assert profiles.read(folder).file.id == "healthcare"


@pytest.mark.parametrize(
    ("file", "before", "after", "named"),
    [
        ("pack.toml", 'name = "Healthcare"', 'nmae = "Healthcare"', "name"),
        ("pack.toml", 'version = "1.0.0"', 'version = "one"', "version"),
        ("pack.toml", "[services.es]", "[services.fr]", "services"),
        ("pack.toml", 'languages = ["en", "es"]', 'languages = ["en", "pt"]', "pt.toml"),
        ("texts/en.toml", "[confirmation.friendly]", "[confirmatoin.friendly]", "confirmatoin"),
        ("texts/en.toml", "[confirmation.friendly]", "[confirmation.jolly]", "confirmation"),
        ("texts/en.toml", "version = 1", "verison = 1", "version"),
        ("texts/en.toml", 'nobody = "there"', "", "nobody"),
        ("texts/es.toml", '"dom"]', "]", "weekdays"),
        ("texts/es.toml", "[words]", "[words", "cannot be read"),
    ],
)
def test_a_mistake_in_a_pack_is_named(folder: Path, file: str, before: str, after: str, named: str) -> None:
    spoil(folder / file, before, after)
    with pytest.raises(ImproperlyConfigured, match=named):
        profiles.read(folder)
