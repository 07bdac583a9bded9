"""What a service writes by the ORM and what a statement writes is the same row, for every table and any values; and a
kind of field that statements know nothing about is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from appointments.case_reasons.words import happened
from aro.desk.sentences import SentenceField
from aro.ids import new_id
from aro.queue import codecs, rows, statements
from aro.queue.codecs import AS_IT_IS, CODECS, Codec, UnknownFieldError
from compliance.append_only import GUARDED
from workflows.models import WorkflowInstance

OURS = ("aro", "compliance", "appointments", "workflows", "integrations")
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]
CHANGEABLE = [model for model in MODELS if "UPDATE" not in GUARDED.get(model._meta.db_table, ())]
PAIRS = settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
EAST = timezone(timedelta(hours=5, minutes=30))
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")

Values = dict[str, Any]
Write = Callable[[Sequence[models.Model]], None]


@pytest.fixture(autouse=True)
def _one_moment() -> Any:
    """Fields that note the moment note the same one twice."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        yield


def whole(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


def value_of(field: Any) -> st.SearchStrategy[Any]:
    target = codecs.value_field(field)
    text = st.text(LETTERS, max_size=min(target.max_length or 40, 40))
    chosen = st.sampled_from([key for key, _ in target.flatchoices]) if target.choices else text
    tree = st.recursive(
        st.none() | st.booleans() | st.integers(-9, 2**40) | text, lambda one: st.lists(one, max_size=3)
    )
    kinds: dict[type, st.SearchStrategy[Any]] = {
        models.BigAutoField: st.integers(1, 2**40),
        models.BigIntegerField: st.integers(-(2**62), 2**62),
        models.BinaryField: st.binary(max_size=40),
        models.BooleanField: st.booleans(),
        models.CharField: chosen,
        models.DateField: st.dates(),
        models.DateTimeField: st.datetimes(
            datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.sampled_from([UTC, EAST])
        ),
        models.DecimalField: st.decimals(1, 99, places=getattr(target, "decimal_places", 2)),
        models.EmailField: text,
        models.FloatField: st.floats(0, 1, width=32),
        models.GenericIPAddressField: st.ip_addresses().map(str),
        models.JSONField: tree | st.dictionaries(text, tree, max_size=3),
        models.PositiveBigIntegerField: whole(2**62),
        models.PositiveIntegerField: whole(2**31 - 1),
        models.PositiveSmallIntegerField: whole(100),
        models.TextField: text,
        models.TimeField: st.times(),
        models.URLField: text,
        models.UUIDField: st.uuids(),
        SentenceField: text | st.builds(happened, st.just("media.what"), what=text),
    }
    found = kinds[type(target)]
    return st.none() | found if field.null else found.filter(lambda one: one is not None)


def values_of(model: type[models.Model]) -> st.SearchStrategy[Values]:
    return st.fixed_dictionaries({field.attname: value_of(field) for field in model._meta.concrete_fields})


def stored(model: type[models.Model]) -> list[Any]:
    """All rows, as the driver gives them, with what kind of value the column holds."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    kinds = [f"typeof({column})" for column in columns] if connection.vendor == "sqlite" else []
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns + kinds)} FROM {table} ORDER BY {key}")
        return [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor.fetchall()]


def outcome(model: type[models.Model], drawn: Sequence[Values], write: Write, *, before: Sequence[Values] = ()) -> Any:
    """What is in the table afterwards, or that a constraint refused it. Nothing is kept."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                model._default_manager.bulk_create(model(**values) for values in before)
                write([model(**values) for values in drawn])
                return stored(model)
        except IntegrityError:
            return "refused"
        finally:
            transaction.set_rollback(True)


def orm_inserts(objects: Sequence[models.Model]) -> None:
    for one in objects:
        one.save(force_insert=True)


def orm_updates(objects: Sequence[models.Model]) -> None:
    for one in objects:
        one._state.adding = False
        one.save(update_fields=changed(type(one)))


def statements_insert(objects: Sequence[models.Model]) -> None:
    rows.insert_all(type(objects[0]), objects)


def statements_update(objects: Sequence[models.Model]) -> None:
    """One as the executor does it, and several at once as the engine does."""
    model, (first, *others) = type(objects[0]), objects
    key = model._meta.pk.attname
    columns = tuple(field.attname for field in model._meta.concrete_fields if not field.primary_key)
    for one in objects:
        rows._keep_in_step(one)
        for field in model._meta.concrete_fields:
            field.pre_save(one, add=False)
    values = [(*(getattr(one, column) for column in columns), one.pk) for one in others]
    if key == "id":
        rows.save(first, *columns)
    else:
        rows.update(model, columns, [(*(getattr(first, column) for column in columns), first.pk)], where=(key,))
    rows.update(model, columns, values, where=(key,))


def changed(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_orm_and_a_statement_insert_the_same_row(model: type[models.Model]) -> None:
    written: list[Any] = []

    @PAIRS
    @given(st.lists(values_of(model), min_size=1, max_size=3))
    def same(drawn: list[Values]) -> None:
        by_orm = outcome(model, drawn, orm_inserts)
        written.append(by_orm)
        assert outcome(model, drawn, statements_insert) == by_orm

    same()
    assert any(one != "refused" for one in written), "no example was one that the table takes"


@pytest.mark.django_db
@pytest.mark.parametrize("model", CHANGEABLE, ids=lambda model: model._meta.label)
def test_the_orm_and_a_statement_change_a_row_alike(model: type[models.Model]) -> None:
    key = model._meta.pk.attname
    pair = st.tuples(values_of(model), values_of(model)).map(lambda two: (two[0], {**two[1], key: two[0][key]}))
    written: list[Any] = []

    @PAIRS
    @given(st.lists(pair, min_size=1, max_size=3))
    def same(drawn: list[tuple[Values, Values]]) -> None:
        before, after = [one for one, _ in drawn], [one for _, one in drawn]
        by_orm = outcome(model, after, orm_updates, before=before)
        written.append(by_orm)
        assert outcome(model, after, statements_update, before=before) == by_orm

    same()
    assert any(one != "refused" for one in written), "no example was one that the table takes"


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_statement_reads_what_the_orm_reads(model: type[models.Model]) -> None:
    key = model._meta.pk.attname
    names = statements.attributes(model)

    @PAIRS
    @given(values_of(model))
    def same(values: Values) -> None:
        def write_and_read(objects: Sequence[models.Model]) -> None:
            orm_inserts(objects)
            by_orm = model._default_manager.get(pk=objects[0].pk)
            read = rows.first(model, **{key: objects[0].pk})
            assert [repr(getattr(read, name)) for name in names] == [repr(getattr(by_orm, name)) for name in names]

        outcome(model, [values], write_and_read)

    same()


class Sealed(models.TextField):  # type: ignore[type-arg]
    """A field that does something to its values."""


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The column `error` of a run, as if it were such a field."""
    for made_once in (statements.select, statements._encoders):
        made_once.cache_clear()
    monkeypatch.setattr(WorkflowInstance._meta.get_field("error"), "__class__", Sealed)
    yield monkeypatch
    monkeypatch.undo()
    for made_once in (statements.select, statements._encoders):
        made_once.cache_clear()


def run(**more: Any) -> WorkflowInstance:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    values = {"definition": "x", "version": 1, "occurrence": "y", "step": "z", "correlation_id": new_id()} | more
    return WorkflowInstance(started_at=moment, updated_at=moment, **values)


@pytest.mark.django_db
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    "use",
    [
        lambda: rows.insert_all(WorkflowInstance, [run()]),
        lambda: rows.fetch(WorkflowInstance, [run().id]),
        lambda: rows.first(WorkflowInstance, error="x"),
        lambda: rows.update(WorkflowInstance, ("error",), [("x", run().id)], where=("id",)),
    ],
)
def test_a_kind_of_field_that_nobody_has_thought_about_is_refused_at_first_use(use: Callable[[], object]) -> None:
    with pytest.raises(UnknownFieldError, match=r"workflows_workflowinstance\.error.*Sealed"):
        use()


@pytest.mark.django_db
def test_one_line_in_the_table_seals_a_field_for_every_statement(sealed: pytest.MonkeyPatch) -> None:
    sealed.setitem(CODECS, Sealed, Codec(encode=lambda clear: clear[::-1], decode=lambda kept: kept[::-1]))
    one = run(error="clear")
    rows.insert_all(WorkflowInstance, [one, run(error="other", occurrence="o")])
    assert _in_the_column(one) == "raelc"
    assert rows.fetch(WorkflowInstance, [one.id])[0].error == "clear"
    rows.update(WorkflowInstance, ("error",), [("again", one.id)], where=("id",))
    assert _in_the_column(one) == "niaga"
    rows.refresh(one)
    assert one.error == "again"


def _in_the_column(one: WorkflowInstance) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT error FROM workflows_workflowinstance WHERE occurrence = %s", [one.occurrence])
        return str(cursor.fetchone()[0])


def test_today_every_field_but_addresses_of_machines_is_as_it_is() -> None:
    assert {kind for kind, codec in CODECS.items() if codec != AS_IT_IS} == {
        models.GenericIPAddressField,
        SentenceField,
    }


def test_a_model_that_changes_itself_when_saved_says_how_or_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WorkflowInstance, "save", lambda self: None)
    with pytest.raises(UnknownFieldError, match=r"workflows_workflowinstance: .* `save` of its own"):
        rows.insert_all(WorkflowInstance, [run()])
