"""What deposits say of refunds and disputes, as rows of their own: from now on the state follows from these."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def note(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    deposits = apps.get_model("appointments", "Deposit").objects
    money_back = apps.get_model("appointments", "MoneyBack")
    deposits.filter(refunded_amount__gt=0).update(refunds_told=F("refunded_amount"))
    open_ones = deposits.filter(status="disputed", money_back=None)
    money_back.objects.bulk_create(
        money_back(deposit=one, ref="", state="open", amount=one.amount) for one in open_ones
    )


class Migration(migrations.Migration):
    dependencies = [("appointments", "0013_money_back")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
