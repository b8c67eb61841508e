"""Merging records into one; unmerge is the Undo of its change set.

Everything that points at a loser is moved, whichever app it belongs to: the relations are read
from the models, so a new app needs no line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import ChangeLog, change_set, label_of
from core.exceptions import RuleViolation
from core.models import ChangeSet, Record
from customers.models import Contact, ContactMethod, Customer, Favourite, Membership, StageChange

MOST = 5  # records merged in one act
# A loser's way through the funnel stays with it: moved, it would count as a second customer.
STAY = frozenset({"customers.stagechange"})
# Not a choice between records: bookkeeping, derived, or taken along with another field.
SKIPPED = frozenset(
    {"id", "created_at", "updated_at", "version", "origin", "deleted_at", "sort_name", "search_text"}
    | {"merged_into", "stage_since", "currency"}
)


def choosable(model: type[Record]) -> list[models.Field]:
    """The fields of which one record's value must win."""
    skipped = SKIPPED | getattr(model, "OWNED", frozenset()) | {"last_contacted_at", "custom"}
    return [f for f in model._meta.concrete_fields if f.name not in skipped]


@dataclass(frozen=True)
class Moving:
    """How many rows of one kind will move; `more` where there are some the reader does not see."""

    label: Any
    count: int
    more: bool


def merge_records(
    winner: Customer | Contact,
    losers: Sequence[Customer | Contact],
    *,
    take: Mapping[str, int],
    actor: Any,
) -> ChangeSet:
    """Make one record of several.

    `take` says for a field (or `custom__<key>`) the id of the record whose value wins; fields it
    does not name keep the winner's value. The losers go to the trash and point to the winner.
    """
    model = type(winner)
    ids = [winner.pk, *(row.pk for row in losers)]
    if not losers or len(set(ids)) != len(ids) or any(type(row) is not model for row in losers):
        raise RuleViolation(_("Choose at least two different records."))
    if len(ids) > MOST:
        raise RuleViolation(_("At most %d records can be merged at once.") % MOST)
    names = ", ".join(str(row) for row in losers)
    reason = _("%(losers)s → %(winner)s") % {"losers": names, "winner": winner}
    with change_set(kind=ChangeSet.Kind.MERGE, actor=actor, reason=reason) as log:
        # Locked in the order of their ids, so that two merges at once wait for one another.
        rows = {r.pk: r for r in model._base_manager.select_for_update().filter(pk__in=ids).order_by("pk")}
        if len(rows) != len(ids) or any(row.in_trash for row in rows.values()):
            raise RuleViolation(_("One of these records is not there any more."))
        _merge(rows[winner.pk], [rows[pk] for pk in ids[1:]], take, log)
    winner.refresh_from_db()
    return log.row


def _merge(winner: Any, losers: list[Any], take: Mapping[str, int], log: ChangeLog) -> None:
    values = _chosen(winner, losers, take)
    links = {
        f.name: sorted({pk for row in [winner, *losers] for pk in _linked(row, f)})
        for f in winner._meta.many_to_many
        if _is_plain(f)
    }
    for loser in losers:
        _move_all(winner, loser, log)
    for loser in losers:
        log.update(loser, {"merged_into": winner, "deleted_at": timezone.now()}, validate=False)
    stage = values.pop("stage", None)
    log.update(winner, {**values, **links}, validate=False)
    if stage is not None and stage.pk != winner.stage_id:
        _take_stage(winner, stage, next(row for row in losers if row.stage_id == stage.pk), log)
    for loser in losers:
        _keep_stars(winner, loser)


def _chosen(winner: Any, losers: list[Any], take: Mapping[str, int]) -> dict[str, Any]:
    by_pk = {row.pk: row for row in [winner, *losers]}
    known = {f.name: f for f in choosable(type(winner))}
    values: dict[str, Any] = {}
    custom = dict(winner.custom or {})
    for name, pk in take.items():
        row = by_pk.get(pk)
        if row is None:
            raise RuleViolation(_("One of these records is not there any more."))
        if name.startswith("custom__"):
            key = name.removeprefix("custom__")
            custom.pop(key, None)
            if key in (row.custom or {}):
                custom[key] = row.custom[key]
        elif name in known:
            values[name] = getattr(row, name)
            if name == "annual_revenue":  # an amount without its currency is another amount
                values["currency"] = row.currency
    if custom != (winner.custom or {}):
        values["custom"] = custom
    return values | _no_circles(winner, values, by_pk.keys())


def _no_circles(winner: Any, values: Mapping[str, Any], merged: Iterable[int]) -> dict[str, Any]:
    """A record does not become its own parent when it is merged with its parent or child."""
    found: dict[str, Any] = {}
    for field in choosable(type(winner)):
        if field.is_relation and field.related_model is type(winner):
            target = values.get(field.name, getattr(winner, field.name))
            if target is not None and target.pk in merged:
                found[field.name] = None
    return found


def _take_stage(winner: Customer, stage: Any, source: Customer, log: ChangeLog) -> None:
    origin, since = winner.stage, winner.stage_since
    now = timezone.now()
    log.update(winner, {"stage": stage, "stage_since": source.stage_since}, validate=False)
    log.create(
        StageChange(
            customer=winner,
            from_stage=origin,
            to_stage=stage,
            at=now,
            by=log.actor,
            reason=_("Merged"),
            seconds=max(0, int((now - since).total_seconds())),
        ),
        validate=False,
    )


def _is_plain(field: Any) -> bool:
    return field.remote_field.through._meta.auto_created


def _linked(row: Any, field: Any) -> list[int]:
    return list(getattr(row, field.name).values_list("pk", flat=True))


# What points at a loser ------------------------------------------------------------------------


def _relations(model: type[models.Model]) -> Iterator[Any]:
    """Every foreign key of a business record that points at the model, hidden ones too."""
    fields: Any = model._meta.get_fields(include_hidden=True)
    for relation in fields:
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        other = relation.related_model
        if not issubclass(other, Record) or label_of(other) in STAY or relation.field.name == "merged_into":
            continue
        yield relation


def _links(model: type[models.Model]) -> Iterator[Any]:
    """Every many-to-many field of another business record that names the model."""
    fields: Any = model._meta.get_fields(include_hidden=True)
    for relation in fields:
        if not (relation.auto_created and relation.many_to_many):
            continue
        if issubclass(relation.related_model, Record) and _is_plain(relation.field):
            yield relation


def what_moves(losers: Iterable[Customer | Contact], user: Any) -> list[Moving]:
    """For the merge page: how many rows of each kind will move, of those this person sees."""
    found: dict[Any, Moving] = {}
    for loser in losers:
        for relation in (*_relations(type(loser)), *_links(type(loser))):
            other: type[Record] = relation.related_model
            rows = other._base_manager.filter(deleted_at=None, **{relation.field.name: loser.pk})
            seen = rows.filter(_seen(other, relation.field.name, user)).count()
            label = other._meta.verbose_name_plural
            before = found.get(label, Moving(label, 0, False))
            found[label] = Moving(label, before.count + seen, before.more or rows.count() > seen)
    return [moving for moving in found.values() if moving.count or moving.more]


def _seen(other: type[Record], name: str, user: Any) -> Q:
    """The rows of a model this person sees: by its own rule, and the records at their other ends."""
    condition = Q()
    if hasattr(other._default_manager, "visible_to"):
        condition = Q(pk__in=other._default_manager.visible_to(user).order_by().values("pk"))
    for field in other._meta.concrete_fields:
        end: Any = field.related_model
        if end in (Customer, Contact) and field.name not in (name, "merged_into"):
            visible = end.objects.visible_to(user).order_by().values("pk")
            condition &= Q(**{f"{field.name}__isnull": True}) | Q(**{f"{field.name}__in": visible})
    return condition


def _move_all(winner: Any, loser: Any, log: ChangeLog) -> None:
    for relation in _relations(type(winner)):
        _move(relation, winner, loser, log)
    for relation in _links(type(winner)):
        _relink(relation, winner, loser, log)


def _move(relation: Any, winner: Any, loser: Any, log: ChangeLog) -> None:
    other, name = relation.related_model, relation.field.name
    manager = other._base_manager

    def rows() -> Any:
        found = manager.select_for_update().filter(**{name: loser.pk}).order_by("pk")
        return found.exclude(pk=winner.pk) if other is type(winner) else found

    doubled = _doubled(other, winner, loser)
    try:
        with transaction.atomic():
            log.bulk_update(
                (row, _moved(row, name, winner)) for row in rows().exclude(pk__in=doubled).iterator()
            )
        left: Any = rows().filter(pk__in=doubled)
    except IntegrityError:  # some rows say what the winner's already say: find out which
        left = rows()
    for row in list(left):
        _move_or_trash(row, name, winner, log, drop=row.pk in doubled)


def _moved(row: Any, name: str, winner: Any) -> dict[str, Any]:
    values: dict[str, Any] = {name: winner}
    if isinstance(row, ContactMethod | Membership) and row.primary and name != "contact_of":
        values["primary"] = not _has_primary(row, name, winner)
    return values


def _has_primary(row: Any, name: str, winner: Any) -> bool:
    """There is one main e-mail and one main contact: the winner's stay what they are."""
    if isinstance(row, Membership) and name == "contact":
        return False
    same = {"kind": row.kind} if isinstance(row, ContactMethod) else {}
    rows = type(row)._base_manager.filter(deleted_at=None, primary=True, **{name: winner}, **same)
    return bool(rows.exclude(pk=row.pk).exists())


def _doubled(other: type[Record], winner: Any, loser: Any) -> set[int]:
    """Ways to reach the loser that reach the winner already."""
    if other is not ContactMethod:
        return set()
    kept = set(winner.methods.alive().values_list("kind", "key"))
    mine = loser.methods.alive().values_list("pk", "kind", "key")
    return {pk for pk, kind, key in mine if (kind, key) in kept}


def _move_or_trash(row: Any, name: str, winner: Any, log: ChangeLog, *, drop: bool) -> None:
    if not drop:
        try:
            with transaction.atomic():
                log.update(row, _moved(row, name, winner), validate=False)
            return
        except IntegrityError:
            row.refresh_from_db()
    if not row.in_trash:
        log.trash(row)


def _relink(relation: Any, winner: Any, loser: Any, log: ChangeLog) -> None:
    name = relation.field.name
    for row in relation.related_model._base_manager.filter(**{name: loser.pk}).order_by("pk"):
        ids = set(getattr(row, name).values_list("pk", flat=True)) - {loser.pk} | {winner.pk}
        log.update(row, {name: sorted(ids)}, validate=False)


def _keep_stars(winner: Any, loser: Any) -> None:
    """Who starred a loser stars the winner. Stars have no history."""
    name = winner._meta.model_name
    for user_id in loser.favourites.values_list("user_id", flat=True):
        Favourite.objects.get_or_create(user_id=user_id, **{name: winner})
