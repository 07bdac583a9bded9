from django.db import migrations, models

import aro.clock
import aro.ids


class Migration(migrations.Migration):
    dependencies = [("compliance", "0004_sending_stop")]

    operations = [
        migrations.CreateModel(
            name="WrongNumber",
            fields=[
                ("id", models.UUIDField(default=aro.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.CharField(default="default", max_length=64)),
                ("address_hmac", models.CharField(max_length=64)),
                ("since", models.DateTimeField(default=aro.clock.now)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=("tenant_id", "address_hmac"),
                        name="wrong_number_one_open",
                    )
                ],
            },
        ),
    ]
