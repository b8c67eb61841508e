"""Records that are there already: who may change them, what a row adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import NoReverseMatch
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.changes import ChangeLog
from core.imports.parsed import Reason
from customers.imports.drafts import Draft, Method, write_methods
from customers.imports.match import Hit
from customers.models import ContactMethod, Customer
from customers.services.stages import move

#: Never taken from a file into a record that is there.
_FIXED = frozenset({"kind", "stage_id", "stage_since"})


class Existing:
    """The records of one model that a chunk matched, and what is to be changed on them."""

    def __init__(self, model: Any, actor: Any, *, overwrite: bool, trial: bool) -> None:
        self.model = model
        self.actor = actor
        self.overwrite = overwrite
        self.trial = trial
        self.link = "customer_id" if model is Customer else "contact_id"

    def load(self, hits: Iterable[Hit]) -> None:
        """Read (and, in earnest, lock) the matched records, their methods and tags."""
        pks = [hit.pk for hit in hits]
        rows = self.model._base_manager.filter(pk__in=pks).order_by("pk")
        if not self.trial:
            rows = rows.select_for_update()
        self.objects: dict[int, Any] = {row.pk: row for row in rows} if pks else {}
        own = {hit.pk for hit in hits if hit.own}
        others = [pk for pk in self.objects if pk not in own]
        self.editable = own | set(
            self.model.objects.editable_by(self.actor).filter(pk__in=others).values_list("pk", flat=True)
        )
        hidden = [pk for pk in others if pk not in self.editable]
        self.visible = self.editable | set(
            self.model.objects.visible_to(self.actor).filter(pk__in=hidden).values_list("pk", flat=True)
        )
        self.methods: set[tuple[int, str, str]] = set()
        self.kinds: set[tuple[int, str]] = set()
        if self.objects:
            found = ContactMethod._base_manager.filter(**{f"{self.link}__in": pks}, deleted_at=None)
            for pk, kind, key in found.values_list(self.link, "kind", "key"):
                self.methods.add((pk, kind, key))
                self.kinds.add((pk, kind))
        self.values: dict[int, dict[str, Any]] = {}
        self.new_methods: list[tuple[int, Method]] = []
        self.new_tags: dict[int, set[int]] = {}
        self.moves: dict[int, Any] = {}

    def add(self, pk: int, draft: Draft, *, stage: Any = None) -> bool:
        """Note what the row adds to or changes on this record; whether that is anything."""
        changed = self._fill(pk, draft.said())
        for method in draft.methods:
            key = (pk, method.kind, method.key)
            if key not in self.methods:
                self.methods.add(key)
                self.new_methods.append((pk, method))
                changed = True
        if draft.tags:
            changed |= self._add_tags(pk, draft.tags)
        if stage is not None and self.overwrite and self.objects[pk].stage_id != stage.pk:
            self.moves[pk] = stage
            changed = True
        return changed

    def _fill(self, pk: int, values: dict[str, Any]) -> bool:
        obj, merged = self.objects[pk], self.values.setdefault(pk, {})
        changed = False
        for name, value in values.items():
            if name in _FIXED:
                continue
            old = merged[name] if name in merged else getattr(obj, name)
            if name == "custom":
                value = {**old, **value} if self.overwrite else {**value, **old}
            if value != old and (self.overwrite or name == "custom" or old in (None, "")):
                merged[name] = value
                changed = True
        alone = "currency" in merged and merged.get("annual_revenue") is None
        if alone and not self.overwrite and obj.annual_revenue is not None:
            # The currency belongs to the revenue: alone it would change what the old one means.
            del merged["currency"]
            changed = bool(merged)
        return changed

    def _add_tags(self, pk: int, tags: Sequence[int]) -> bool:
        if pk not in self.new_tags:
            self.new_tags[pk] = set(self.objects[pk].tags.values_list("pk", flat=True))
        before = len(self.new_tags[pk])
        self.new_tags[pk] |= set(tags)
        return len(self.new_tags[pk]) > before

    def write(self, log: ChangeLog, *, reason: str) -> None:
        """Write what was noted."""
        log.bulk_update((self.objects[pk], values) for pk, values in self.values.items() if values)
        firsts = []
        for pk, method in self.new_methods:
            main = (pk, method.kind) not in self.kinds
            self.kinds.add((pk, method.kind))
            firsts.append((main, pk, method))
        for wanted in (True, False):
            chosen = [(self.link, pk, [method]) for main, pk, method in firsts if main is wanted]
            write_methods(chosen, log, firsts=wanted)
        log.refresh_later(self.model, {pk for pk, _method in self.new_methods})
        for pk, tags in self.new_tags.items():
            log.update(self.objects[pk], {"tags": sorted(tags)}, validate=False)
        for pk, stage in self.moves.items():
            move(self.objects[pk], stage=stage, log=log, reason=reason)

    # What the person is told

    def blocked(self, pk: int) -> Reason:
        """Why a record that matches is left alone; of one they may not see nothing is told."""
        if pk in self.visible:
            text = _("This is “%(name)s”, which is there already and which you may not change.")
            return Reason("not_yours", text % {"name": self.objects[pk].name})
        return Reason("hidden", _("A record that you may not see has the same number, e-mail or name."))

    def beside(self, pk: int, draft: Draft) -> dict[str, Any] | None:
        """The record for showing next to the row: its address and the values that differ."""
        obj = self.objects.get(pk)
        if obj is None or pk not in self.visible:
            return None
        names = [
            name
            for name in draft.values
            if not name.endswith("_id") and name not in ("custom", "stage_since")
        ]
        fields = {f.attname: f for f in self.model._meta.concrete_fields}
        pairs = [
            [capfirst(str(fields[name].verbose_name)), _shown(draft.values[name]), _shown(getattr(obj, name))]
            for name in names
        ]
        try:
            url = obj.get_absolute_url()
        except NoReverseMatch:
            url = ""
        return {"url": url, "name": obj.name, "values": pairs}


def _shown(value: Any) -> str:
    return "" if value is None else str(value)[:200]
