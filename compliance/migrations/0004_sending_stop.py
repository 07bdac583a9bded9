"""The kill switch: who switched all sending off, and until when."""

from django.db import migrations, models

import aro.clock
import aro.ids


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_suppression_in_clear")]

    operations = [
        migrations.CreateModel(
            name="SendingStop",
            fields=[
                ("id", models.UUIDField(default=aro.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.CharField(default="default", max_length=64)),
                ("since", models.DateTimeField(default=aro.clock.now)),
                ("by", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("tenant_id",),
                        name="sending_stop_one_in_force",
                    )
                ],
            },
        ),
    ]
