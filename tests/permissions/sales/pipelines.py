"""Pipelines, stages and lost reasons: those who run sales set them up. The board: whoever sees deals."""

from __future__ import annotations

from tests.factories import deals as made
from tests.permissions.rules import EDIT, EVERYBODY, LEADERS, act, form, page

ROWS = {
    "deals:deal_kanban": page(EVERYBODY, collection=True),
    "deals:deal_place": act(EDIT, "deal", pk="card"),
    "deals:deal_place_form": page(EDIT, "deal"),
    "deals:pipeline_list": page(LEADERS, collection=True),
    "deals:pipeline_create": form(LEADERS),
    "deals:pipeline_ready": act(LEADERS, data={"key": "saas"}),
    "deals:pipeline_detail": page(LEADERS, "pipeline"),
    "deals:pipeline_update": form(LEADERS, "pipeline"),
    "deals:pipeline_act": act(LEADERS, "pipeline", data={"act": "up"}),
    "deals:pipeline_delete": form(LEADERS, "pipeline"),
    "deals:stage_create": form(LEADERS, "pipeline"),
    "deals:stage_update": form(LEADERS, "stage"),
    "deals:stage_shift": act(LEADERS, "stage"),
    "deals:stage_remove": form(LEADERS, "stage"),
    "deals:lostreason_list": page(LEADERS, collection=True),
    "deals:lostreason_create": form(LEADERS),
    "deals:lostreason_update": form(LEADERS, "lost_reason"),
    "deals:lostreason_shift": act(LEADERS, "lost_reason"),
    "deals:lostreason_delete": form(LEADERS, "lost_reason"),
}


MAKERS = {
    "pipeline": lambda world, owner: made.PipelineFactory(),
    "stage": lambda world, owner: made.StageFactory(),
    "lost_reason": lambda world, owner: made.LostReasonFactory(),
}
