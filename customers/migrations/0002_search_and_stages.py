from typing import Any

from django.db import migrations

from core.search_index import search_index

STAGES = [
    ("Lead", "lead", 0),
    ("Qualified", "qualified", 1),
    ("Opportunity", "opportunity", 2),
    ("Customer", "customer", 3),
    ("Loyal", "loyal", 4),
    ("Lost", "lost", 5),
]


def add_stages(apps: Any, schema_editor: Any) -> None:
    stage = apps.get_model("customers", "LifecycleStage")
    for position, (name, kind, colour) in enumerate(STAGES):
        stage.objects.get_or_create(
            name=name, defaults={"kind": kind, "position": position, "colour": colour}
        )


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.RunPython(add_stages, migrations.RunPython.noop),
        search_index("customers_customer"),
        search_index("customers_contact"),
    ]
