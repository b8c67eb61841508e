from typing import Any

from django.db import migrations

from core.search_index import search_index
from deals.pipelines_catalogue import B2B_SALES, LOST_REASONS, OTHER
from deals.rollup import deal_totals


def add_pipeline(apps: Any, schema_editor: Any) -> None:
    pipelines = apps.get_model("deals", "Pipeline").objects
    if pipelines.exists():
        return
    pipeline = pipelines.create(name=B2B_SALES.name, description=B2B_SALES.description, is_default=True)
    stage = apps.get_model("deals", "Stage")
    stage.objects.bulk_create(
        stage(
            pipeline=pipeline,
            position=position,
            name=ready.name,
            kind=ready.kind,
            probability=ready.probability,
            forecast_category=ready.forecast,
            rotting_days=ready.rotting_days,
            guidance=ready.guidance,
            required_fields=list(ready.needs),
            colour=ready.colour,
        )
        for position, ready in enumerate(B2B_SALES.stages)
    )


def add_lost_reasons(apps: Any, schema_editor: Any) -> None:
    reasons = apps.get_model("deals", "LostReason").objects
    if reasons.exists():
        return
    for position, (name, children) in enumerate(LOST_REASONS):
        parent = reasons.create(name=name, position=position, requires_note=name == OTHER)
        for place, child in enumerate(children):
            reasons.create(name=child, parent=parent, position=place)


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial")]

    operations = [
        migrations.RunPython(add_pipeline, migrations.RunPython.noop),
        migrations.RunPython(add_lost_reasons, migrations.RunPython.noop),
        search_index("deals_product"),
        search_index("deals_deal"),
        deal_totals(),
    ]
