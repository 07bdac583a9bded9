"""The hours that a clinic had chosen become its list; its own wordings follow the kinds' new names."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAMES = {"reminder_48h": "reminder_first", "reminder_24h": "reminder_last"}
WAITS = {"friendly": 2, "urgent": 4}


def to_list(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for business in apps.get_model("appointments", "Business").objects.all():
        business.reminders = as_meant(business.reminder_hours)
        business.save(update_fields=["reminders"])
    rename(apps, NAMES)


def as_meant(hours: list[int]) -> list[dict[str, Any]]:
    """All that was written, the last of several urgent. Until now only the first and the last were sent."""
    used = sorted(set(hours), reverse=True)
    room = [one - after for one, after in zip(used, [*used[1:], 0], strict=True)]
    tones = ["friendly"] * (len(used) - 1) + ["urgent" if len(used) > 1 else "friendly"] if used else []
    return [
        {"hours": one, "tone": tone, "wait": max(1, min(WAITS[tone], free))}
        for one, tone, free in zip(used, tones, room, strict=True)
    ]


def to_hours(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for business in apps.get_model("appointments", "Business").objects.all():
        business.reminder_hours = [one["hours"] for one in business.reminders] or [48, 24]
        business.save(update_fields=["reminder_hours"])
    rename(apps, {new: old for old, new in NAMES.items()})


def rename(apps: Apps, names: dict[str, str]) -> None:
    for before, after in names.items():
        apps.get_model("appointments", "MessageTemplate").objects.filter(name=before).update(name=after)
        apps.get_model("appointments", "WhatsAppTemplate").objects.filter(kind=before).update(kind=after)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0008_reminders_as_a_list")]

    operations = [migrations.RunPython(to_list, to_hours)]
