from django.db import migrations, models

import aro.clock


class Migration(migrations.Migration):
    dependencies = [("appointments", "0020_texting_countries")]

    operations = [
        migrations.CreateModel(
            name="SenderId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.CharField(default="default", max_length=64)),
                ("external_id", models.CharField(help_text="The carrier's id of a person who writes.", max_length=80)),
                ("phone", models.CharField(help_text="E.164: the number that came with it once.", max_length=20)),
                ("since", models.DateTimeField(default=aro.clock.now)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["tenant_id", "external_id"], name="sender_id_once")],
            },
        ),
    ]
