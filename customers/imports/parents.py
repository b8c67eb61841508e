"""Parent companies by name, which may stand later in the file than their subsidiaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.changes import ChangeLog
from core.importing.readers import Row
from core.imports.outcome import PENDING, WARNING, Outcome
from core.imports.parsed import Reason
from core.models import ImportRow, ImportRun
from customers.constants import CustomerKind
from customers.imports.drafts import Draft
from customers.models import Customer
from customers.services.derived import sort_name

_STEP = 1_000


def connect(
    wanted: Sequence[tuple[Draft | int, str, Row]],
    run: ImportRun,
    actor: Any,
    outcome: Outcome,
    log: ChangeLog,
) -> None:
    """Set parents that are there; the others wait as rows of the run for the end of the file."""
    pairs = [(child if isinstance(child, int) else child.pk, name, row) for child, name, row in wanted]
    found = _by_name({name for _child, name, _row in pairs}, actor, run)
    _set(
        [(child, found[sort_name(name)]) for child, name, _row in pairs if sort_name(name) in found], run, log
    )
    for child, name, row in pairs:
        if sort_name(name) not in found:
            outcome.stored.append(
                ImportRow(
                    number=row.number,
                    outcome=PENDING,
                    reason=name[:300],
                    cells=[*row.values],
                    match={"child": child},
                )
            )


def connect_pending(run: ImportRun, actor: Any, outcome: Outcome, log: ChangeLog) -> None:
    """At the end of the file: set the parents that have come since, tell of those that have not."""
    waiting = ImportRow.objects.filter(run=run, outcome=PENDING, trial=False).order_by("pk")
    rows = list(waiting)
    for start in range(0, len(rows), _STEP):
        page = rows[start : start + _STEP]
        found = _by_name({row.reason for row in page}, actor, run)
        links = [
            (row.match["child"], found[sort_name(row.reason)])
            for row in page
            if row.match and sort_name(row.reason) in found
        ]
        _set(links, run, log)
        for row in page:
            if sort_name(row.reason) not in found:
                text = _("There is no company “%(name)s” to be the parent; it was left empty.")
                reason = Reason("no_parent", text % {"name": row.reason})
                outcome.tell(WARNING, Row(row.number, row.cells), [reason])
    waiting.delete()


def _by_name(names: set[str], actor: Any, run: ImportRun) -> dict[str, int]:
    """Companies by sort name: those of this import and those the person may see."""
    keys = {sort_name(name) for name in names}
    if not keys:
        return {}
    rows = Customer._base_manager.filter(
        deleted_at=None, kind=CustomerKind.COMPANY, sort_name__in=keys
    ).order_by("-pk")
    own = dict(rows.filter(origin=run.change_set_id).values_list("sort_name", "pk"))
    seen = rows.filter(
        pk__in=Customer.objects.visible_to(actor).filter(sort_name__in=keys).order_by().values("pk")
    )
    return {**dict(seen.values_list("sort_name", "pk")), **own}


def _set(links: list[tuple[int, int]], run: ImportRun, log: ChangeLog) -> None:
    """A new row gets its parent as part of its making; one that was there, as a change."""
    above = dict(
        Customer._base_manager.exclude(parent=None)
        .filter(pk__in=[p for _c, p in links])
        .values_list("pk", "parent_id")
    )
    parents = {child: parent for child, parent in links if child != parent and above.get(parent) != child}
    children = (
        Customer._base_manager.select_for_update().filter(pk__in=parents).only("pk", "origin_id", "version")
    )
    fresh = [row.pk for row in children if row.origin_id == run.change_set_id]
    by_parent: dict[int, list[int]] = {}
    for pk in fresh:
        by_parent.setdefault(parents[pk], []).append(pk)
    for parent, pks in by_parent.items():
        Customer._base_manager.filter(pk__in=pks).update(parent_id=parent)
    old = Customer._base_manager.filter(pk__in=set(parents) - set(fresh))
    log.bulk_update((row, {"parent_id": parents[row.pk]}) for row in old)
