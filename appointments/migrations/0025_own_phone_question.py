"""More words ask for the person's own phone; those of others can be added with "not" before them."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_OLD = "phone, telephone, telefon, tel, mobile, mobil, cell, celular, movil, whatsapp"
_NEW = (
    "phone, telephone, telefon, tel, tlf, tfno, mobile, mobil, cell, cel, celular, movil, whatsapp, text, sms, best "
    "number, number to reach, reach you, contact number, best contact, callback, call back, number to call, your "
    "number, my number, numero de contacto, numero para, numero donde, mejor numero, tu numero, su numero, mi "
    "numero"
)


def more_words(apps: Any, schema_editor: Any) -> None:
    """The shipped words become the new ones; a clinic's own words stay."""
    apps.get_model("appointments", "Business").objects.filter(phone_question=_OLD).update(phone_question=_NEW)


def fewer_words(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("appointments", "Business").objects.all():
        if row.phone_question == _NEW or len(row.phone_question) > 200:
            row.phone_question = _OLD
            row.save(update_fields=["phone_question"])


class Migration(migrations.Migration):
    dependencies = [("appointments", "0024_learned")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, fewer_words),
        migrations.AlterField(
            model_name="business",
            name="phone_question",
            field=models.CharField(
                max_length=1000,
                default=_NEW,
                help_text=(
                    "Words, with commas between: a question of the booking form that has one of them asks for the "
                    "phone. Questions about an emergency contact, insurance, a doctor and others never do; "
                    'write "not coach" to add one.'
                ),
            ),
        ),
        migrations.RunPython(more_words, migrations.RunPython.noop),
    ]
