from __future__ import annotations

from django.apps import apps
from django.contrib import admin as django_admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin import rows

OURS = ("aro", "compliance", "appointments", "workflows", "integrations")
# Lists that rightly stay short whatever happens.
SHORT = {"user", "group", "business"}
EDITABLE = {
    "business",
    "closedday",
    "user",
    "group",
    "periodictask",
    "intervalschedule",
    "crontabschedule",
    "solarschedule",
}
# Of each filter the first few choices: all, the first value and one more.
CHOICES = 3
LISTED: list[type[Model]] = sorted(django_admin.site._registry, key=lambda model: model._meta.label)


def _name(model: type[Model]) -> str:
    return str(model._meta.model_name)


def _address(model: type[Model], page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{_name(model)}_{page}", args=args)


def test_every_model_of_ours_has_a_list() -> None:
    ours = {model for app in OURS for model in apps.get_app_config(app).get_models()}
    assert ours <= set(LISTED)


def test_every_list_opens_while_it_is_empty(admin: Client) -> None:
    assert {_name(m): 200 for m in LISTED} == {_name(m): admin.get(_address(m)).status_code for m in LISTED}


def test_an_empty_list_says_what_would_be_there(admin: Client) -> None:
    page = admin.get(reverse("admin:appointments_escalation_changelist")).content.decode()
    assert "Nobody is waiting for you." in page


def test_every_list_can_be_searched(admin: Client) -> None:
    rows.everything(1)
    found = {_name(m): admin.get(_address(m), {"q": "0000"}) for m in LISTED}
    assert {name for name, answer in found.items() if answer.status_code != 200} == set()
    assert {name for name, answer in found.items() if answer.context["cl"].search_fields in ((), None)} <= {
        "intervalschedule",
        "crontabschedule",
        "solarschedule",
        "clockedschedule",
    }


def test_a_longer_list_takes_no_more_queries(admin: Client) -> None:
    rows.everything(2)
    few = {_name(model): _queries(admin, model) for model in LISTED}
    rows.everything(10)
    assert {_name(model): _queries(admin, model) for model in LISTED} == few


def _queries(client: Client, model: type[Model]) -> int:
    shown = {"state": "all"} if _name(model) in ("escalation", "deadletter") else {}
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(_address(model), shown)
    assert answer.status_code == 200
    assert _name(model) in SHORT or len(answer.context["cl"].result_list) >= 2
    return len(captured)


def test_every_filter_of_every_list_works(admin: Client) -> None:
    rows.everything(1)
    tried = 0
    for model in LISTED:
        changelist = admin.get(_address(model)).context["cl"]
        choices = [choice for spec in changelist.filter_specs for choice in list(spec.choices(changelist))[:CHOICES]]
        for query in {choice["query_string"] for choice in choices if "query_string" in choice}:
            assert admin.get(_address(model) + query).status_code == 200, (model, query)
            tried += 1
    assert tried > len(LISTED)


def test_every_page_opens(admin: Client) -> None:
    rows.everything(1)
    for model in LISTED:
        row = model._default_manager.first()
        assert row is not None or _name(model) == "group"
        if row is not None:
            assert admin.get(_address(model, "change", row.pk)).status_code == 200, model


def test_facts_cannot_be_written_on_their_pages(admin: Client) -> None:
    rows.everything(1)
    for model in (model for model in LISTED if _name(model) not in EDITABLE):
        row = model._default_manager.first()
        assert row is not None
        known = model._default_manager.filter(pk=row.pk).values().get()
        answer = admin.post(_address(model, "change", row.pk), {"name": "x", "_save": "1"})
        assert answer.status_code in (403, 405), model
        assert admin.post(_address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
        assert model._default_manager.filter(pk=row.pk).values().get() == known


def test_facts_cannot_be_added_on_a_page(admin: Client) -> None:
    by_hand = {*EDITABLE, "messagetemplate", "whatsapptemplate"}
    closed = [model for model in LISTED if _name(model) not in by_hand or _name(model) == "business"]
    assert {admin.post(_address(model, "add"), {}).status_code for model in closed} == {403}
