"""Signatures by somebody who does not have the secret."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.integrations.contract import ProviderContract, TimedContract
from tests.integrations.fuzz.bodies import bodies
from tests.integrations.fuzz.doors import signs_the_body

Headers = dict[str, str]
Forgery = tuple[bytes, Headers]
# Enough to make every hexadecimal and every base64 value another one: no signature contains it.
_WRONG = "!"
_PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Cc"]), max_size=120)


def forgeries(door: ProviderContract) -> st.SearchStrategy[Forgery]:
    """A body, in order or not, with headers that its provider's secret did not make for it."""
    made = st.one_of(st.just(door.good), bodies(door.good))
    kinds = [_unsigned, _by_another, _of_nonsense, _damaged, _cut_off]
    kinds += [_of_another_body] if signs_the_body(door) else []
    kinds += [_of_another_time] if isinstance(door, TimedContract) else []
    return st.sampled_from(kinds).flatmap(lambda kind: made.flatmap(lambda body: kind(door, body)))


def _headers(door: ProviderContract, body: bytes, **how: float) -> Headers:
    return door.sign(body, secret=door.secret(), **how)


def _changed(headers: Headers, change: Callable[[str], str]) -> Headers:
    return {name: change(value) for name, value in headers.items()}


def _unsigned(door: ProviderContract, body: bytes) -> st.SearchStrategy[Forgery]:
    return st.just((body, {}))


def _by_another(door: ProviderContract, body: bytes) -> st.SearchStrategy[Forgery]:
    guesses = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1)
    others = guesses.filter(lambda guess: guess not in door.secret())
    return others.map(lambda guess: (body, door.sign(body, secret=guess)))


def _of_nonsense(door: ProviderContract, body: bytes) -> st.SearchStrategy[Forgery]:
    return _PRINTABLE.map(lambda value: (body, dict.fromkeys(_headers(door, body), value)))


def _damaged(door: ProviderContract, body: bytes) -> st.SearchStrategy[Forgery]:
    """One character of every header is another one."""

    def damage(at: int) -> Forgery:
        return body, _changed(_headers(door, body), lambda v: v[: at % len(v)] + _WRONG + v[at % len(v) + 1 :])

    return st.integers(0, 1000).map(damage)


def _cut_off(door: ProviderContract, body: bytes) -> st.SearchStrategy[Forgery]:
    return st.integers(8, 60).map(lambda n: (body, _changed(_headers(door, body), lambda v: v[:-n])))


def _of_another_body(door: ProviderContract, body: bytes) -> st.SearchStrategy[Forgery]:
    return bodies(door.good).filter(lambda other: other != body).map(lambda other: (body, _headers(door, other)))


def _of_another_time(door: ProviderContract, body: bytes) -> st.SearchStrategy[Forgery]:
    """Rightly signed, but long ago or in the future."""
    assert isinstance(door, TimedContract)
    beyond = st.integers(door.tolerance + 60, 10**8)
    return st.tuples(beyond, st.sampled_from([1, -1])).map(lambda t: (body, _headers(door, body, late_by=t[0] * t[1])))
