"""The word lists are data that can be reviewed: whole, without repetition, and spelled as replies are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from compliance import policy
from workflows.replies.classify import classify
from workflows.replies.labels import Label
from workflows.replies.stops.keywords import is_bare_cancel
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists

# A part of a form that is no word of its own: `{name}`, `[`, `]` and the `*` of any ending.
MARKS = re.compile(r"\{(\w+)\}|[\[\]*]")


def lists(name: str) -> Iterator[tuple[str, wordlists.Phrases]]:
    for section, content in wordlists.one(name).model_dump(exclude={"emoji", "spelling", "opt_out"}).items():
        for key, phrases in content.items():
            yield f"{section}.{key}", phrases


def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    loaded = policy.load(policy.SHIPPED, tmp_path / "policy.toml")
    monkeypatch.setattr(policy, "current", lambda: loaded)


def test_every_file_of_the_folder_is_read() -> None:
    assert sorted((*wordlists.FILES, *wordlists.SUBJECTS)) == sorted(
        path.stem for path in wordlists.FOLDER.glob("*.toml")
    )


@pytest.mark.parametrize("name", wordlists.FILES)
def test_no_list_repeats_itself(name: str) -> None:
    repeated = {key: [p for p in phrases if phrases.count(p) > 1] for key, phrases in lists(name)}
    assert not {key: found for key, found in repeated.items() if found}


@pytest.mark.parametrize("name", wordlists.FILES)
def test_every_phrase_is_spelled_as_a_reply_is_read(name: str) -> None:
    spelled = {word for _, phrases in lists(name) for phrase in phrases for word in [MARKS.sub("", phrase)]}
    assert not {phrase for phrase in spelled if plain(phrase).split() != phrase.split()}


@pytest.mark.parametrize("name", wordlists.FILES)
def test_every_name_in_braces_is_a_table(name: str) -> None:
    named = {found for _, phrases in lists(name) for phrase in phrases for found in re.findall(r"\{(\w+)\}", phrase)}
    assert named <= set(wordlists.vocabulary())


def test_no_slip_stands_for_two_words_and_no_sign_for_two_meanings() -> None:
    found = wordlists.everything()
    for table in (found.spelling.shorthand, found.emoji):
        slips = [slip for typed in table.values() for slip in typed]
        assert sorted(slips) == sorted(set(slips))


@pytest.mark.parametrize("name", wordlists.FILES)
def test_what_a_slip_stands_for_is_plain(name: str) -> None:
    shorthand = wordlists.one(name).spelling.shorthand
    assert not [word for word in shorthand if plain(word).split() != word.split()]


def test_the_policy_is_the_one_source_of_its_words() -> None:
    rules, stop = policy.current().opt_out, wordlists.everything().stop
    ours = {*stop.alone, *stop.start, *stop.help}
    assert not ours & {word.casefold().replace("-", " ") for word in (*rules.words, *rules.opt_in_words)}


def test_an_unknown_section_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx.toml").write_text('[answer]\nyes = ["yes"]\n')
    monkeypatch.setattr(wordlists, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="answer"):
        wordlists.one("xx")


@pytest.mark.parametrize("word", policy.load(policy.SHIPPED, Path("/nonexistent")).opt_out.words)
def test_every_word_of_the_policy_opts_out(word: str) -> None:
    assert classify(text=word, question=None).label is Label.STOP
    assert classify(text=f" {word.lower()}. ", question=None).label is Label.STOP


def test_cancelar_alone_opts_out_and_staff_hear_of_it_as_of_cancel() -> None:
    assert is_bare_cancel("Cancelar")
    assert not is_bare_cancel("cancelar mi cita")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("nomas", "STOP"),
        ("No más!", "STOP"),
        ("stop", "STOP"),
        ("volver", "START"),
        ("auxilio", "HELP"),
        ("停止", "STOP"),
    ],
)
def test_an_operators_own_words_count(text: str, label: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(
        tmp_path,
        monkeypatch,
        '[opt_out]\nwords = ["NOMAS", "NO MÁS", "停止"]\nopt_in_words = ["VOLVER"]\nhelp_words = ["AUXILIO"]\n',
    )
    assert classify(text=text, question=None).label == label


def test_an_operator_can_add_opt_out_words_but_take_none_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(tmp_path, monkeypatch, '[opt_out]\nwords = ["NOMAS"]\n')
    for word in ("STOP", "CANCEL", "OPT-OUT"):
        assert classify(text=word, question=None).label is Label.STOP
