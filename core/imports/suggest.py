"""What a file's columns seem to be: ready-made and saved mappings first, then headers and content."""

from __future__ import annotations

from typing import Any

from core.importing.mapping import normal_header, suggest_mapping
from core.importing.readers import Table
from core.importing.values import detect_date_format, detect_decimal_format
from core.imports.fields import DATES, NUMBERS
from core.imports.registry import Importer
from core.models import ImportMapping, ImportRun

_SAMPLE = 1_000


def suggested_mapping(importer: Importer, run: ImportRun, table: Table) -> dict[str, Any]:
    """The first mapping a person sees."""
    known = _known(importer, table.headers)
    mapping = known or _by_content(importer, table)
    mapping.setdefault("duplicates", importer.policies[0])
    mapping.setdefault("fill", "empty")
    mapping["formats"] = {**_formats(importer, mapping["columns"], table), **mapping.get("formats", {})}
    return mapping


def _known(importer: Importer, headers: list[str]) -> dict[str, Any] | None:
    """A saved mapping of the same headers, or a ready-made one whose columns are all there."""
    shape = sorted(normal_header(header) for header in headers)
    for saved in ImportMapping.objects.filter(target=importer.key).order_by("-pk"):
        if sorted(normal_header(header) for header in saved.headers) == shape:
            return {**saved.mapping, "saved": saved.name}
    for preset in importer.presets:
        needed = set(preset.columns) - set(OPTIONAL)
        if needed <= set(headers):
            mapping = preset.mapping()
            mapping["columns"] = {h: key for h, key in preset.columns.items() if h in headers}
            return {**mapping, "preset": preset.name}
    return None


#: Columns a ready-made mapping can do without.
OPTIONAL = frozenset({"Website"})


def _by_content(importer: Importer, table: Table) -> dict[str, Any]:
    fields = [field.for_suggestion() for field in importer.fields()]
    rows = [row.values for row in table.sample(200)]
    columns = {item.header: item.field for item in suggest_mapping(table.headers, rows, fields) if item.field}
    return {"columns": columns, "constants": {}, "values": {}}


def _formats(importer: Importer, columns: dict[str, str], table: Table) -> dict[str, dict[str, str]]:
    found = detect(importer, columns, table)
    return {header: {item["kind"]: item["detected"]} for header, item in found.items()}


def detect(importer: Importer, columns: dict[str, str], table: Table) -> dict[str, dict[str, Any]]:
    """For each mapped column of dates or numbers: how its cells are written, and whether both
    ways are possible."""
    fields = {field.key: field for field in importer.fields()}
    wanted = {h: fields[key] for h, key in columns.items() if key in fields and h in table.headers}
    wanted = {h: field for h, field in wanted.items() if field.kind in (*DATES, *NUMBERS)}
    if not wanted:
        return {}
    rows = [row.values for row in table.sample(_SAMPLE)]
    found: dict[str, dict[str, Any]] = {}
    for header, field in wanted.items():
        index = table.headers.index(header)
        cells = [row[index] for row in rows if row[index]]
        if field.kind in DATES:
            dates = detect_date_format(cells)
            found[header] = {"kind": "date", "detected": dates.order, "ambiguous": dates.ambiguous}
        else:
            decimals = detect_decimal_format(cells)
            sign = table.decimal_hint if decimals.ambiguous else decimals.decimal
            found[header] = {"kind": "decimal", "detected": sign, "ambiguous": decimals.ambiguous}
        found[header] |= {"field": field, "examples": cells[:3]}
    return found


def detect_formats(importer: Importer, run: ImportRun, table: Table) -> dict[str, Any]:
    """Detection beside the choice that stands in the mapping."""
    found = detect(importer, run.mapping.get("columns", {}), table)
    for header, item in found.items():
        chosen = run.mapping.get("formats", {}).get(header, {})
        item["chosen"] = chosen.get(item["kind"], item["detected"])
        item["unit"] = chosen.get("unit", "1")
    return found
