"""Work of this app that runs in the background. Loaded when the app is ready."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.changes import change_set
from core.job_titles import register_job_page
from core.jobs import Running, job_handler
from core.models import ChangeSet, Job
from customers.jobs import editable, selected
from customers.services.bulk import kind_of
from deals.services import bulk

BULK = "deals.bulk"


@job_handler(BULK)
def run_bulk(job: Running) -> dict[str, Any]:
    """A bulk act in steps. Rows that leave the list because of the act itself are not missed, as each
    step goes on after the last id."""
    asked = job.arguments
    rows = editable(selected("deals", job.actor, ids=asked["ids"], query=asked["query"]), job.actor)
    cursor = dict(job.cursor or {"last": 0, "done": 0, "changed": 0, "set": None})
    while True:
        pks = list(
            rows.filter(pk__gt=cursor["last"]).order_by("pk").values_list("pk", flat=True)[: bulk.STEP]
        )
        if not pks:
            return {"changed": cursor["changed"], "change_set": cursor["set"]}
        with transaction.atomic():
            before = ChangeSet.objects.filter(pk=cursor["set"]).first() if cursor["set"] else None
            with change_set(kind=kind_of(asked["act"]), actor=job.actor, existing=before) as log:
                changed = bulk.apply_to(pks, act=asked["act"], value=asked["value"], log=log)
            cursor = {
                "last": pks[-1],
                "done": cursor["done"] + len(pks),
                "changed": cursor["changed"] + changed,
                "set": log.row.pk,
            }
            job.step(done=cursor["done"], cursor=cursor)


def _result(job: Job) -> str:
    made = (job.result or {}).get("change_set")
    return reverse("core:change_set_detail", args=[made]) if made else ""


register_job_page(BULK, _("Bulk change"), _result)
