"""The proofs by which a process sees that its keys are this database's own (aro/ops/key_proofs.py)."""

from django.db import migrations, models

import aro.clock


class Migration(migrations.Migration):
    dependencies = [("aro", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="KeyProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                (
                    "proof",
                    models.TextField(help_text="A fingerprint of nothing secret, or a probe that only this key opens."),
                ),
                ("since", models.DateTimeField(default=aro.clock.now)),
            ],
        ),
    ]
