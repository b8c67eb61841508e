"""What import-linter cannot see: relations given as strings, bare reads, slow imports."""

import ast
import subprocess
import sys

import pytest
from django.db.models import Field

from tests.architecture.sources import APPS, ROOT, our_apps, our_models, parsed, python_files, shown

# The modules that stand between a person and the data must ask whose data it is.
GUARDED = ("views", "tables", "filters", "forms")
ASKS_WHOSE = {"visible_to", "editable_by", "restorable_by", "none"}
# Calls that cut down the rows they are given: core.views' fetches, and fields of a RecordForm.
CUT_DOWN = {"editable", "visible", "SearchChoiceField", "ModelChoiceField", "ModelMultipleChoiceField"}
# Reads that are right without asking, and why.
ALLOWED_BARE_READS: dict[str, str] = {
    "activities/forms.py:__init__": "narrows a choice the base form has cut down already",
    "activities/views/activities.py:get_queryset": "the record view asks for visibility on top",
    "activities/views/tasks.py:get_queryset": "the record view asks for visibility on top",
    "customers/filters.py:filter": "narrows the visible customers by their own way through the funnel",
}
SLOW = ("numpy", "scipy", "sklearn", "matplotlib", "pandas", "playwright", "faker")


def relations() -> list[tuple[str, str, str]]:
    """(app, field, target app) for each relation between our models."""
    ours = our_models()
    return [
        (model._meta.app_label, str(field), field.related_model._meta.app_label)
        for model in ours
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.is_relation and field.related_model in ours
    ]


def test_no_relation_points_upwards() -> None:
    # Everybody may point at the user model: Django names it by a setting, not by an app.
    upwards = [
        field
        for source, field, target in relations()
        if APPS.index(target) > APPS.index(source) and (source, target) != ("core", "accounts")
    ]
    assert upwards == []


def test_core_points_at_people_only() -> None:
    targets = {
        field.related_model._meta.label
        for model in our_models()
        for field in model._meta.get_fields()
        if model._meta.app_label == "core" and isinstance(field, Field) and field.is_relation
    }
    allowed = {"core", "contenttypes", "auth"}
    assert {label for label in targets - {"accounts.User"} if label.split(".")[0] not in allowed} == set()


def record_models() -> set[str]:
    """Names of the models whose rows are not for everybody."""
    return {model.__name__ for model in our_models() if hasattr(model._default_manager.all(), "visible_to")}


def bare_reads(tree: ast.AST, records: set[str]) -> list[tuple[str, str]]:
    """Uses of ``Record.objects`` whose chain of calls never asks whose rows they are."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}):
            continue
        name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if name in records and not chain(node, parents) & (ASKS_WHOSE | CUT_DOWN):
            found.append((enclosing(node, parents), name))
    return found


def chain(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> set[str]:
    """Names of the methods called on a read, and of the function its result is given to."""
    names, at = set(), parents[node]
    while isinstance(at, ast.Attribute | ast.Call):
        if isinstance(at, ast.Attribute):
            names.add(at.attr)
        elif isinstance(at.func, ast.Name):
            names.add(at.func.id)
        at = parents[at]
    return names


def enclosing(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """The function or class a read stands in."""
    while not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
        node = parents[node]
    return getattr(node, "name", "module")


def guarded_files() -> list[str]:
    """The files between a person and the data."""
    return [
        shown(path) for path in python_files(*APPS) if set(path.relative_to(ROOT).with_suffix("").parts)
        & set(GUARDED)
    ]  # fmt: skip


def bare_reads_of_pages() -> dict[str, str]:
    """Place → model of every bare read between a person and the data."""
    records = record_models()
    return {
        f"{name}:{place}": model
        for name in guarded_files()
        for place, model in bare_reads(parsed(ROOT / name), records)
    }


def test_pages_read_only_what_the_person_may_see() -> None:
    found = bare_reads_of_pages()
    assert {place: model for place, model in found.items() if place not in ALLOWED_BARE_READS} == {}


def test_the_allow_list_of_bare_reads_is_needed() -> None:
    assert set(ALLOWED_BARE_READS) - set(bare_reads_of_pages()) == set()


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("Customer.objects.all()", 1),
        ("Customer.objects.filter(a=1).order_by('pk')", 1),
        ("models.Customer.objects.get(pk=1)", 1),
        ("Customer._default_manager.first()", 1),
        ("get_object_or_404(Customer.objects, pk=1)", 1),
        ("Customer.objects.visible_to(user).get(pk=1)", 0),
        ("Customer.objects.select_related('owner').editable_by(user)", 0),
        ("Customer.objects.none()", 0),
        ("editable(Customer.objects.all(), request, pk)", 0),
        ("label(Customer.objects.all())", 1),
        ("Organisation.objects.get()", 0),
    ],
)
def test_the_check_sees_bare_reads(source: str, count: int) -> None:
    assert len(bare_reads(ast.parse(source), {"Customer"})) == count


@pytest.mark.slow
def test_loading_every_url_imports_nothing_slow() -> None:
    code = (
        "import django, sys; django.setup(); from django.urls import get_resolver;"
        "get_resolver().url_patterns; import crm_project.tasks;"
        f"print([name for name in {SLOW!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (result.stdout.strip(), result.returncode) == ("[]", 0), result.stderr


def test_every_app_of_ours_is_installed() -> None:
    assert [config.label for config in our_apps()] == APPS
