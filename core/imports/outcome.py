"""Counting what became of the rows, and keeping those that were not taken as they stand."""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.importing.readers import Row
from core.imports.parsed import Reason
from core.models import ImportRow

CREATED, UPDATED, UNCHANGED, SKIPPED, ERROR = "created", "updated", "unchanged", "skipped", "error"
WARNING, PENDING = "warning", "pending"
#: Rows of a trial that are kept for looking at; the counts are always of all rows.
TRIAL_ROWS = 10_000
#: Skipped rows and warnings of the real run that are kept. Errors are all kept.
KEPT_ROWS = 50_000
#: Different reasons that are counted apart.
REASONS = 200


class Outcome:
    """The counts of a run so far, and the rows of this chunk to be stored."""

    def __init__(self, counts: dict[str, Any], *, trial: bool) -> None:
        self.trial = trial
        self.rows: Counter[str] = Counter(counts.get("rows", {}))
        self.made: Counter[str] = Counter(counts.get("made", {}))
        self.notes: dict[str, list[Any]] = {item[0]: item for item in counts.get("notes", [])}
        self.reasons: dict[tuple[str, str, str], list[Any]] = {
            (item[0], item[1], item[2]): item for item in counts.get("reasons", [])
        }
        self.kept: int = counts.get("kept", 0)
        self.stored: list[ImportRow] = []

    def count(self, name: str, number: int = 1) -> None:
        """Rows that went in without remark."""
        self.rows[name] += number

    def make(self, label: str, number: int) -> None:
        """Records of a model created or changed: `customers.customer`."""
        if number:
            self.made[label] += number

    def note(self, code: str, text: str, number: int = 1) -> None:
        """Something about the data worth telling, with how often it occurred."""
        item = self.notes.setdefault(code, [code, text, 0])
        item[2] += number

    def tell(
        self, name: str, row: Row, reasons: list[Reason], *, match: dict[str, Any] | None = None
    ) -> None:
        """A row with something to say; counts it and keeps it. `match`: the record it resembles."""
        if name != WARNING:
            self.rows[name] += 1
        for reason in reasons:
            key = (name, reason.code, reason.column)
            if key not in self.reasons and len(self.reasons) >= REASONS:
                key = (name, "other", "")
            item = self.reasons.setdefault(key, [*key, reason.text, 0])
            item[4] += 1
        limit = TRIAL_ROWS if self.trial else KEPT_ROWS
        if self.kept >= limit and (self.trial or name != ERROR):
            return
        self.kept += 1
        self.stored.append(
            ImportRow(
                number=row.number,
                outcome=name,
                reason=" ".join(_line(reason) for reason in reasons)[:300],
                cells=row.values,
                trial=self.trial,
                match=match,
            )
        )

    def json(self) -> dict[str, Any]:
        """What is saved with the run; `Outcome(json)` goes on from it."""
        return {
            "rows": dict(self.rows),
            "made": dict(self.made),
            "notes": list(self.notes.values()),
            "reasons": list(self.reasons.values()),
            "kept": self.kept,
        }


def _line(reason: Reason) -> str:
    return f"{reason.column}: {reason.text}" if reason.column else reason.text
