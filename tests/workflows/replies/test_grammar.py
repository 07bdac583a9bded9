"""The phrase grammar."""

from __future__ import annotations

from workflows.replies.words.grammar import anywhere, compile_forms

WORDS = {"yes": ("yes", "oh yes"), "thanks": ("thanks",)}


def test_a_form_matches_whole_words_with_its_optional_parts() -> None:
    form = compile_forms(("{yes} [{thanks}] now",), vocabulary=WORDS)
    assert form.fullmatch("oh yes thanks now ")
    assert form.fullmatch("yes now ")
    assert not form.fullmatch("yes nowhere ")


def test_the_longer_form_wins() -> None:
    assert compile_forms(("yes", "yes now"), vocabulary=WORDS).match("yes now ").group() == "yes now "  # type: ignore[union-attr]


def test_a_search_begins_at_a_word() -> None:
    pattern = anywhere(("{yes}",), vocabulary=WORDS)
    assert pattern.search("well yes ")
    assert not pattern.search("eyes ")
