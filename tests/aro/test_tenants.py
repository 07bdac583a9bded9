"""Every unique constraint and every index begins with the tenant, or says here why not.

A list to read: what stands under the last heading must change before two businesses share one installation.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models

OURS = ("aro", "compliance", "appointments", "workflows", "integrations")

# Why it does not begin with the tenant -> which. `table.column` stands for a unique column.
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "the machine's own, whatever the tenant: queue, dead letters, keys, breakers": (
        "due_once_per_lane_and_ref",
        "due_lane_due_at",
        "dead_letter_open",
        "aro_keyproof.name",
        "breaker_change_at",
        "breaker_change_provider",
    ),
    "begins with a row of ours, whose id exists once in the world and belongs to one tenant": (
        "compliance_streamposition.event_id",
        "event_aggregate",
        "appointment_customer",
        "deposit_one_live_per_visit",
        "message_appointment",
        "visit_named_once",
        "failed_attempt_message",
        "appointments_replyclassification.message_id",
        "money_back_once",
        "instance_appointment",
        "instance_customer",
        "step_log_seq_once",
        "workflows_execution.message_id",
        "undoable_appointment",
        "undoable_customer",
        "sync_seen_once",
        "sync_seen_entry",
        "integrations_importedvisit.appointment_id",
    ),
    "a provider's own id, by which its news find the row before the tenant is known": (
        "deposit_link_once",
        "deposit_payment_intent",
        "message_provider_id",
    ),
    "read across all tenants, by time or by record: tidying up, the machine's lists": (
        "event_occurred",
        "audit_resource",
        "idempotency_expiry",
        "undoable_until",
        "execution_status",
        "receipt_received",
        "import_batch_at",
    ),
    "MUST begin with the tenant before two businesses share one installation: another's booking system may use the "
    "same ids, another's caller the same key": (
        "appointment_source_external_id",
        "booking_ref_once",
        "booking_ref_shared",
        "receipt_exists_once",
        "idempotency_key_once",
    ),
}
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]


def _first(what: Any) -> str:
    """The first column or expression; a condition does not count."""
    found = [*(what.fields or ()), *what.expressions]
    return str(getattr(found[0], "name", found[0]))


def _of(model: type[models.Model]) -> dict[str, str]:
    """Name -> what it begins with. Primary keys and the indexes that foreign keys make are left out."""
    meta = model._meta
    named = [*(one for one in meta.constraints if isinstance(one, models.UniqueConstraint)), *meta.indexes]
    alone = {f"{meta.db_table}.{f.column}": f.name for f in meta.concrete_fields if f.unique and not f.primary_key}
    return {one.name: _first(one) for one in named} | alone


def test_every_unique_constraint_and_index_begins_with_the_tenant_or_says_why_not() -> None:
    found = {name: first for model in MODELS for name, first in _of(model).items()}
    excepted = {name for names in EXCEPTIONS.values() for name in names}
    assert {name for name, first in found.items() if first != "tenant_id"} == excepted


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_model_has_the_old_ways_to_say_unique(model: type[models.Model]) -> None:
    assert not model._meta.unique_together
