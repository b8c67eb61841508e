"""What the pages of an import show."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports import outcome as o
from core.imports import registry, services
from core.imports.fields import NUMBERS, Field
from core.imports.forms import ORDERS, SIGNS, UNITS, ReadingForm
from core.imports.runner import RUN, TRIAL, UNDO
from core.models import ImportRow, ImportRun, Job

State = ImportRun.State
PER_PAGE = 25
_STEPS = (
    ("upload", gettext_lazy("File")),
    ("map", gettext_lazy("Columns")),
    ("values", gettext_lazy("Values")),
    ("check", gettext_lazy("Trial run")),
    ("run", gettext_lazy("Import")),
)
_TONES = {
    State.DONE: "success",
    State.FAILED: "danger",
    State.CANCELLED: "warning",
    State.UNDONE: "outline",
    State.CHECKED: "info",
}


def steps(now: str, run: ImportRun | None = None) -> list[dict[str, Any]]:
    """The path of the wizard for `components/stage_path.html`."""
    names = [name for name, _label in _STEPS]
    here = names.index(now)
    return [
        {
            "pk": place,
            "label": label,
            "state": "done" if place < here else "current" if place == here else "todo",
            "kind": "open",
        }
        for place, (_name, label) in enumerate(_STEPS)
    ]


def state_of(run: ImportRun) -> str:
    """The state as it is: a job that died leaves the run behind as it was."""
    job = run.job
    if run.change_set is not None and hasattr(run.change_set, "undone_by") and run.state == State.DONE:
        return State.UNDONE  # taken back from the history page
    if job is not None and job.ended and run.state in (State.CHECKING, State.RUNNING, State.UNDOING):
        return {
            Job.State.CANCELLED: State.CANCELLED,
            Job.State.FAILED: State.FAILED,
        }.get(Job.State(job.state), run.state)
    return run.state


def summary(run: ImportRun) -> dict[str, Any]:
    """One line of the list of imports."""
    state = State(state_of(run))
    importer = registry.get(run.target)
    rows = run.counts.get("run", {}).get("rows", {})
    return {
        "run": run,
        "what": importer.label if importer else run.target,
        "state": state.label,
        "tone": _TONES.get(state, "accent"),
        "created": rows.get(o.CREATED, 0),
        "updated": rows.get(o.UPDATED, 0),
        "errors": rows.get(o.ERROR, 0),
    }


# Mapping


def mapping_page(run: ImportRun, user: Any) -> dict[str, Any]:
    """Everything the page of columns shows."""
    importer = registry.get(run.target)
    assert importer is not None
    reading, mapping = run.reading, run.mapping
    fields = importer.fields()
    chosen = mapping.get("columns", {})
    formats = services.formats_of(run)
    columns = [
        {
            "place": place,
            "header": header,
            "examples": _examples(reading["sample"], place),
            "field": chosen.get(header, ""),
            "format": _format(formats.get(header)),
        }
        for place, header in enumerate(reading["headers"])
    ]
    initial = {"target": run.target, **reading.get("chosen", {})}
    if reading["kind"] != "vcf":
        initial.setdefault("header_row", reading["header_row"])
    initial.setdefault("sheet", reading["sheet"])
    mapped = set(chosen.values())
    return {
        "run": run,
        "importer": importer,
        "steps": steps("map"),
        "reading": reading,
        "reading_form": ReadingForm(user=user, reading=reading, initial=initial),
        "columns": columns,
        "mapped": len([c for c in columns if c["field"]]),
        "groups": groups(fields),
        "required": [field for field in fields if field.required and field.key not in mapped],
        "constants": [
            {"field": field, "value": mapping.get("constants", {}).get(field.key, "")}
            for field in fields
            if (field.constant or field.required) and field.key not in mapped
        ],
        "policies": policies(importer, mapping.get("duplicates", "skip")),
        "fill": mapping.get("fill", "empty"),
        "matches": [
            {"key": key, "label": label, "on": key in (mapping.get("match") or dict(importer.match_keys))}
            for key, label in importer.match_keys
        ],
        "preset": _preset_label(importer, mapping),
    }


def _preset_label(importer: registry.Importer, mapping: dict[str, Any]) -> str:
    preset = importer.preset(mapping.get("preset", ""))
    return str(preset.label) if preset else mapping.get("saved", "")


def _examples(sample: list[list[str]], place: int) -> list[str]:
    found = (row[place][:60] for row in sample if place < len(row) and row[place].strip())
    return list(dict.fromkeys(found))[:3]


def _format(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """The chooser beside a column of dates or numbers."""
    if found is None:
        return None
    options = ORDERS if found["kind"] == "date" else SIGNS
    units = UNITS if found["field"].kind in NUMBERS and found["field"].kind == "money" else ()
    return {**found, "options": options, "units": units}


def groups(fields: list[Field]) -> list[tuple[str, list[Field]]]:
    """Fields under their headings, in order."""
    found: dict[str, list[Field]] = {}
    for field in fields:
        found.setdefault(str(field.group), []).append(field)
    return list(found.items())


def policies(importer: registry.Importer, chosen: str) -> list[dict[str, Any]]:
    """What to do with records that are there already."""
    texts = {
        "skip": (_("Leave them as they are"), _("The row is skipped and listed in the result.")),
        "update": (_("Update them"), _("What the row brings is added to the record.")),
        "create": (_("Make a new record all the same"), _("You can merge duplicates later.")),
    }
    return [
        {"key": key, "label": texts[key][0], "help": texts[key][1], "on": key == chosen}
        for key in importer.policies
    ]


def unclear(run: ImportRun, data: QueryDict) -> bool:
    """Whether a column can be read in two ways and the page has not asked yet."""
    for header, found in services.formats_of(run).items():
        place = run.reading["headers"].index(header)
        if found["ambiguous"] and f"{found['kind']}-{place}" not in data:
            return True
    return False


# Values


def values_page(run: ImportRun, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Distinct values with the corrections made so far."""
    fixes = run.mapping.get("values", {})
    cards = []
    for item in found:
        column = item["column"]
        known = fixes.get(column.field.key, {})
        rows = [
            {
                "name": f"fix-{column.index}-{place}",
                "text": text,
                "count": count,
                "value": known.get(text, text),
            }
            for place, (text, count) in enumerate(item["values"])
        ]
        choices = [(key, label) for key, label in (column.field.choices or {}).items()]
        cards.append({"column": column, "rows": rows, "more": item["more"], "choices": choices})
    return {"run": run, "steps": steps("values"), "cards": cards}


# Trial and result


def detail_page(run: ImportRun, user: Any, data: QueryDict) -> dict[str, Any]:
    """Progress, or what the trial or the run found."""
    state = state_of(run)
    job = run.job
    busy = job is not None and not job.ended
    trial = run.change_set_id is None
    counts = run.counts.get("trial" if trial else "run", {})
    importer = registry.get(run.target)
    rows = ImportRow.objects.filter(run=run, trial=trial).exclude(outcome=o.PENDING)
    shown = data.get("show", "")
    if shown in (o.ERROR, o.SKIPPED, o.UPDATED, o.WARNING):
        rows = rows.filter(outcome=shown)
    page = Paginator(rows.order_by("number", "pk"), PER_PAGE).get_page(data.get("page"))
    return {
        "run": run,
        "importer": importer,
        "job": job,
        "busy": busy,
        "state": state,
        "trial": trial,
        "mine": run.created_by_id == user.pk,
        "steps": steps("check" if trial else "run"),
        "stats": stats(counts, trial=trial),
        "made": made(counts),
        "notes": counts.get("notes", []),
        "reasons": [
            {"outcome": outcome_label(name), "key": name, "column": column, "text": text, "count": number}
            for name, _code, column, text, number in sorted(
                counts.get("reasons", []), key=lambda item: -item[4]
            )
        ],
        "tabs": _tabs(run, counts, shown),
        "page": page,
        "problem": job.error if job is not None and state == State.FAILED else "",
        "left_out": sum(counts.get("rows", {}).get(name, 0) for name in (o.ERROR, o.SKIPPED)),
        "nothing": not any(counts.get("rows", {}).get(name) for name in (o.CREATED, o.UPDATED)),
        "undo": run.counts.get("undo"),
        "may_resume": not trial
        and not busy
        and job is not None
        and job.kind == RUN
        and state in (State.FAILED, State.CANCELLED),
        "may_undo": not trial and not busy and state != State.UNDONE,
        "progress": progress(run, job),
        "poll_url": f"{reverse('core:import_detail', args=[run.pk])}?part=progress",
    }


def progress(run: ImportRun, job: Job | None) -> dict[str, Any]:
    """The bar and its words."""
    if job is None:
        return {}
    labels = {
        TRIAL: _("Trial run: nothing is written"),
        RUN: _("Importing"),
        UNDO: _("Undoing the import"),
    }
    text = ""
    if job.state == Job.State.QUEUED:
        text = _("Waiting for its turn")
    elif job.total:
        text = _("%(done)s of about %(total)s rows") % {"done": f"{job.done:,}", "total": f"{job.total:,}"}
    return {"label": labels.get(job.kind, ""), "note": text, "done": job.done, "total": job.total}


def stats(counts: dict[str, Any], *, trial: bool) -> list[dict[str, Any]]:
    """The big numbers."""
    rows = counts.get("rows", {})
    labels = {
        o.CREATED: _("will be created") if trial else _("created"),
        o.UPDATED: _("will be updated") if trial else _("updated"),
        o.UNCHANGED: _("bring nothing new") if trial else _("brought nothing new"),
        o.SKIPPED: _("will be skipped") if trial else _("skipped"),
        o.ERROR: _("cannot be imported") if trial else _("not imported"),
    }
    return [
        {"key": key, "label": label, "value": f"{rows.get(key, 0):,}"}
        for key, label in labels.items()
        if rows.get(key) or key in (o.CREATED, o.UPDATED, o.ERROR)
    ]


def made(counts: dict[str, Any]) -> list[tuple[str, str]]:
    """Records by kind, which may be more or fewer than rows."""
    found = []
    for label, number in counts.get("made", {}).items():
        options = apps.get_model(label)._meta
        found.append((counted_name(options, number), f"{number:,}"))
    return found


def counted_name(options: Any, number: int) -> str:
    """The name of a model for a number of its rows."""
    name = options.verbose_name if number == 1 else options.verbose_name_plural
    return str(name)[:1].upper() + str(name)[1:]


def outcome_label(name: str) -> str:
    return {
        o.ERROR: _("Not imported"),
        o.SKIPPED: _("Skipped"),
        o.UPDATED: _("Update"),
        o.WARNING: _("Note"),
    }.get(name, name)


def _tabs(run: ImportRun, counts: dict[str, Any], shown: str) -> list[dict[str, Any]]:
    rows = counts.get("rows", {})
    base = reverse("core:import_detail", args=[run.pk])
    tabs = [{"label": _("All"), "url": f"{base}#rows", "active": not shown, "count": None}]
    # Updates are kept for looking at before they are made, on the trial only.
    kept = (
        (o.ERROR, o.SKIPPED, o.UPDATED, o.WARNING)
        if run.change_set_id is None
        else (o.ERROR, o.SKIPPED, o.WARNING)
    )
    tabs += [
        {
            "label": outcome_label(key),
            "url": f"{base}?show={key}#rows",
            "active": key == shown,
            "count": rows.get(key, 0),
        }
        for key in kept
        if rows.get(key) or key == shown
    ]
    return tabs if len(tabs) > 2 else []
