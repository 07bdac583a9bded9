"""An index for finding an opt-out by its address as well, as long as that is stored in clear."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("compliance", "0002_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(
                models.F("tenant_id"),
                Lower("address"),
                condition=models.Q(lifted_at__isnull=True),
                name="suppression_in_clear",
            ),
        )
    ]
