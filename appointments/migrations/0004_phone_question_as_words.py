"""The question that asks for the phone is named by words, no longer by a regular expression."""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations, models

_OLD = r"phone|mobile|cell|text|whatsapp|tel[eé]fono|celular|m[oó]vil"
_NEW = "phone, telephone, telefon, tel, mobile, mobil, cell, celular, movil, whatsapp"


def to_words(apps: Any, schema_editor: Any) -> None:
    """An expression that is only words with `|` between becomes these words; any other becomes the shipped ones."""
    for row in apps.get_model("appointments", "Business").objects.all():
        parts = [part.strip() for part in re.sub(r"\[(.)[^\]]*\]", r"\1", row.phone_question).split("|")]
        plain = row.phone_question != _OLD and all(re.fullmatch(r"[\w '-]+", part) for part in parts)
        row.phone_question = ", ".join(parts) if plain else _NEW
        row.save(update_fields=["phone_question"])


def to_expression(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("appointments", "Business").objects.all():
        words = [word.strip() for word in row.phone_question.split(",")]
        row.phone_question = _OLD if row.phone_question == _NEW else "|".join(map(re.escape, words))[:200]
        row.save(update_fields=["phone_question"])


class Migration(migrations.Migration):
    dependencies = [("appointments", "0003_case_message_and_urgency")]

    operations = [
        migrations.RunPython(to_words, to_expression),
        migrations.AlterField(
            model_name="business",
            name="phone_question",
            field=models.CharField(
                max_length=200,
                default=_NEW,
                help_text=(
                    "Words, with commas between: a question of the booking form that has one of them asks for the phone."
                ),
            ),
        ),
    ]
