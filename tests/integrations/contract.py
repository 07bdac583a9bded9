"""What must hold at every provider's address. A provider's tests inherit it and say only how that provider signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from appointments.inbound import NothingToDo
from aro import clock
from aro.models import Due
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Stored

FIXTURES = Path(__file__).parent.parent / "fixtures"
JSON_NONSENSE = {
    "empty": b"",
    "bad utf-8": b'{"event": "\xff\xfe"}',
    "cut off": b'{"event": "invitee.created", "payload": {',
    "trailing data": b'{"event": "x"} {"event": "y"}',
    "NaN": b'{"event": NaN}',
    "Infinity": b'{"event": -Infinity}',
    "float out of range": b'{"event": 1e999}',
    "huge integer": b'{"event": ' + b"9" * 5000 + b"}",
    "nested 5000 deep": b'{"event": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a list": b"[1, 2]",
    "a string": b'"invitee.created"',
    "null": b"null",
}


def fixture(provider: str, name: str) -> bytes:
    return next((FIXTURES / provider).glob(f"{name}.[jt]*")).read_bytes()


class ProviderContract:
    name: ClassVar[str]
    url: ClassVar[str]
    content_type: ClassVar[str]
    setting: ClassVar[str]
    good: ClassVar[bytes]
    unknown: ClassVar[bytes]

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        """The provider's headers for a body sent `late_by` seconds ago."""
        raise NotImplementedError

    def post(self, client: Client, body: bytes, headers: Mapping[str, str], **more: Any) -> Any:
        content_type = more.pop("content_type", self.content_type)
        more.setdefault("CONTENT_TYPE", content_type)  # the client leaves it out when the body is empty
        return client.generic("POST", more.pop("url", self.url), body, content_type, headers=dict(headers), **more)

    def deliver(self, client: Client, body: bytes) -> Any:
        return self.post(client, body, self.sign(body, secret=self.secret()))

    def secret(self) -> str:
        from django.conf import settings  # noqa: PLC0415

        return str(getattr(settings, self.setting))

    def test_a_good_delivery_is_stored_once_and_made_due(self, client: Client, db: None) -> None:
        assert self.deliver(client, self.good).status_code == 200
        receipt = Receipt.objects.get(source=self.name)
        assert bytes(receipt.body) == self.good
        assert (
            receipt.outcome != Receipt.Outcome.PENDING or Due.objects.filter(lane="receipts", ref=receipt.id).exists()
        )

    def test_the_same_delivery_again_is_answered_with_200_and_changes_nothing(self, client: Client, db: None) -> None:
        first = self.deliver(client, self.good)
        due_before = list(Due.objects.values_list("lane", "ref", "fence"))
        second = self.deliver(client, self.good)
        assert (first.status_code, second.status_code) == (200, 200)
        assert Receipt.objects.filter(source=self.name).count() == 1
        assert list(Due.objects.values_list("lane", "ref", "fence")) == due_before

    def test_a_missing_signature_is_refused_and_leaves_nothing(self, client: Client, db: None) -> None:
        assert self.refused(self.post(client, self.good, {})) == 401

    def test_a_signature_by_another_secret_is_refused(self, client: Client, db: None) -> None:
        assert self.refused(self.post(client, self.good, self.sign(self.good, secret="somebody-elses"))) == 401

    def test_a_body_changed_by_one_byte_is_refused(self, client: Client, db: None) -> None:
        headers = self.sign(self.good, secret=self.secret())
        changed = self.good.replace(b"a", b"b", 1)
        assert changed != self.good
        assert self.refused(self.post(client, changed, headers)) == 401

    @pytest.mark.parametrize("which", ["old", "new"])
    def test_both_secrets_hold_while_one_replaces_the_other(self, client: Client, db: None, which: str) -> None:
        with override_settings(**{self.setting: "new-secret, old-secret"}):
            answer = self.post(client, self.good, self.sign(self.good, secret=f"{which}-secret"))
        assert answer.status_code == 200

    @pytest.mark.parametrize("empty", ["", " ", ","])
    def test_without_a_secret_everything_is_refused_even_what_the_empty_secret_signed(
        self, client: Client, db: None, empty: str
    ) -> None:
        with override_settings(**{self.setting: empty}):
            answer = self.post(client, self.good, self.sign(self.good, secret=empty))
        assert self.refused(answer) == 503
        assert answer.headers["Retry-After"]

    @pytest.mark.parametrize(
        "value", ["", "t=,v1=", "ünïcödé", "t=1,t=2,v1=aa", "t=9" + "9" * 400 + ",v1=aa", "t=-1,v1=é", "=,=,=", "\x00"]
    )
    def test_no_signature_header_can_do_more_than_be_wrong(self, client: Client, db: None, value: str) -> None:
        headers = dict.fromkeys(self.sign(self.good, secret=self.secret()), value)
        assert self.refused(self.post(client, self.good, headers)) == 401

    def test_a_signature_header_sent_twice_is_refused(self, client: Client, db: None) -> None:
        once = self.sign(self.good, secret=self.secret())
        twice = {name: f"{value},{value}" for name, value in once.items()}
        assert self.refused(self.post(client, self.good, twice)) == 401

    def test_too_much_is_refused_before_anything_is_checked(self, client: Client, db: None) -> None:
        with override_settings(WEBHOOK_MAX_BYTES=len(self.good) - 1):
            assert self.refused(self.post(client, self.good, {})) == 413

    def test_a_lie_about_the_length_does_not_help(self, client: Client, db: None) -> None:
        answer = self.post(client, self.good, self.sign(self.good, secret=self.secret()), CONTENT_LENGTH="9" * 30)
        assert self.refused(answer) == 413

    def test_a_length_that_only_some_can_read_does_not_help_either(self, client: Client, db: None) -> None:
        headers = self.sign(self.good, secret=self.secret())
        with override_settings(WEBHOOK_MAX_BYTES=len(self.good) - 1):
            answer = self.post(client, self.good, headers, CONTENT_LENGTH=f"+{len(self.good)}")
        assert self.refused(answer) == 413

    def test_another_content_type_is_refused(self, client: Client, db: None) -> None:
        headers = self.sign(self.good, secret=self.secret())
        assert self.refused(self.post(client, self.good, headers, content_type="text/plain")) == 415

    def test_a_charset_beside_the_content_type_does_no_harm(self, client: Client, db: None) -> None:
        headers = self.sign(self.good, secret=self.secret())
        answer = self.post(client, self.good, headers, content_type=f"{self.content_type}; charset=UTF-8")
        assert answer.status_code == 200

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
    def test_only_post_is_heard(self, client: Client, db: None, method: str) -> None:
        answer = client.generic(method, self.url)
        assert self.refused(answer) == 405
        assert answer.headers["Allow"] == "GET, HEAD, POST"

    @pytest.mark.parametrize("setting", ["", None])
    def test_whoever_looks_at_the_address_is_told_what_it_is_for(self, client: Client, setting: str | None) -> None:
        """Without a login, a signature or the database: a browser, or a provider that checks whether it exists."""
        with override_settings(**({} if setting is None else {self.setting: setting})):
            answer = client.get(self.url)
            assert client.head(self.url).status_code == 200
        assert answer.status_code == 200
        assert self.setting in answer.json()["message"]

    def test_a_trailing_slash_loses_no_delivery(
        self, client: Client, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(self), "url", f"{self.url}/")
        assert self.deliver(client, self.good).status_code == 200

    def test_an_unknown_kind_of_news_is_stored_and_of_no_concern(self, client: Client, db: None) -> None:
        assert self.deliver(client, self.unknown).status_code == 200
        assert Receipt.objects.filter(source=self.name).count() == 1
        news = ADAPTERS[self.name].parse(Stored(body=self.unknown, path_ref="", received_at=clock.now()))
        assert [type(one) for one in news] == [NothingToDo]

    def test_a_database_that_is_away_is_503_so_that_the_provider_tries_again(self, client: Client, db: None) -> None:
        with away():
            answer = self.deliver(client, self.good)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]

    def refused(self, answer: Any, *, envelope: bool = True) -> int:
        """The status, having checked that nothing was kept and that the answer explains itself."""
        assert not Receipt.objects.exists()
        assert not Due.objects.exists()
        if envelope:
            error = answer.json()["error"]
            assert error["code"]
            assert error["message"]
        return int(answer.status_code)


class TimedContract(ProviderContract):
    """For providers that sign the time, too."""

    tolerance: ClassVar[int]

    @pytest.mark.parametrize("sign", [1, -1])
    def test_a_time_outside_the_tolerance_is_refused_in_both_directions(
        self, client: Client, db: None, sign: int
    ) -> None:
        headers = self.sign(self.good, secret=self.secret(), late_by=sign * (self.tolerance + 30))
        assert self.refused(self.post(client, self.good, headers)) == 401

    @pytest.mark.parametrize("sign", [1, -1])
    def test_a_time_inside_the_tolerance_is_taken(self, client: Client, db: None, sign: int) -> None:
        headers = self.sign(self.good, secret=self.secret(), late_by=sign * (self.tolerance - 30))
        assert self.post(client, self.good, headers).status_code == 200


class JsonBodyContract(ProviderContract):
    """For providers that send JSON."""

    content_type = "application/json"

    @pytest.mark.parametrize("body", JSON_NONSENSE.values(), ids=JSON_NONSENSE)
    def test_signed_nonsense_is_malformed(self, client: Client, db: None, body: bytes) -> None:
        assert self.refused(self.post(client, body, self.sign(body, secret=self.secret()))) == 400

    def test_a_signed_object_without_any_known_field_is_kept_for_a_person(self, client: Client, db: None) -> None:
        assert self.deliver(client, b'{"nobody": "knows"}').status_code == 200
        assert Receipt.objects.filter(source=self.name).count() == 1


class JsonContract(JsonBodyContract, TimedContract):
    """For providers that send JSON and sign the time, too."""


@contextmanager
def away() -> Iterator[None]:
    """Every statement fails as it does when the database server is gone."""

    def fail(*_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(fail):
        yield
