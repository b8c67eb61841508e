"""Work of this app that runs in the background. Loaded when the app is ready."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.changes import change_set
from core.job_titles import register_job_page
from core.jobs import Running, job_handler
from core.lists import ListState, find
from core.models import ChangeSet, Job
from customers.services import bulk


def selected(spec_key: str, user: Any, *, ids: list[int], query: str) -> QuerySet:
    """The selected rows this person may see: named ones, or all results of a list."""
    spec = find(spec_key)
    assert spec is not None
    if not query:
        return spec.rows(user).filter(pk__in=ids)
    rows = ListState(spec, user, QueryDict(query.lstrip("?"))).queryset
    return rows.order_by()


def editable(rows: QuerySet, user: Any) -> QuerySet:
    """Those among them this person may change."""
    return rows.filter(pk__in=rows.model._default_manager.editable_by(user).order_by().values("pk"))


@job_handler("customers.bulk")
def run_bulk(job: Running) -> dict[str, Any]:
    """A bulk act in steps. Rows that leave the list because of the act itself are not missed,
    as each step goes on after the last id."""
    asked = job.arguments
    rows = editable(selected(asked["list"], job.actor, ids=asked["ids"], query=asked["query"]), job.actor)
    cursor = dict(job.cursor or {"last": 0, "done": 0, "changed": 0, "set": None})
    while True:
        pks = list(
            rows.filter(pk__gt=cursor["last"]).order_by("pk").values_list("pk", flat=True)[: bulk.STEP]
        )
        if not pks:
            return {"changed": cursor["changed"], "change_set": cursor["set"]}
        before = ChangeSet.objects.filter(pk=cursor["set"]).first() if cursor["set"] else None
        kind = bulk.kind_of(asked["act"])
        reason = str(asked["value"].get("reason", ""))
        with change_set(kind=kind, actor=job.actor, reason=reason, existing=before) as log:
            changed = bulk.apply_to(pks, rows.model, act=asked["act"], value=asked["value"], log=log)
            cursor = {
                "last": pks[-1],
                "done": cursor["done"] + len(pks),
                "changed": cursor["changed"] + changed,
                "set": log.row.pk if changed or before else None,
            }
            job.step(done=cursor["done"], cursor=cursor)


def _result(job: Job) -> str:
    made = (job.result or {}).get("change_set")
    return reverse("core:change_set_detail", args=[made]) if made else ""


register_job_page("customers.bulk", _("Bulk change"), _result)
