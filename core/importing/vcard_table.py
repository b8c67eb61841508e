"""A vCard file as a table: one row for a card, numbered columns for repeated values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.importing import limits
from core.importing.contact_card import ContactCard, read_contact
from core.importing.errors import Notice
from core.importing.sniff import Sniffed
from core.importing.table import Position, Row, Table
from core.importing.vcard import RawCard, read_cards

#: Header and attribute of values that a card has once.
_SINGLE = (
    ("Name", "name"),
    ("Prefix", "prefix"),
    ("First name", "first_name"),
    ("Middle name", "middle_name"),
    ("Last name", "last_name"),
    ("Suffix", "suffix"),
    ("Nickname", "nickname"),
    ("Company", "company"),
    ("Department", "department"),
    ("Job title", "title"),
    ("Role", "role"),
    ("Birthday", "birthday"),
    ("Anniversary", "anniversary"),
    ("Note", "note"),
    ("Tags", "tags"),
    ("UID", "uid"),
)
_REPEATED = (("Email", "emails"), ("Phone", "phones"), ("Website", "urls"), ("Chat", "chats"))
_ADDRESS = ("street", "extra", "city", "region", "postcode", "country", "label")


class VcardTable(Table):
    """The file is read twice: once to learn how many columns, once for the rows."""

    kind = "vcf"
    encoding_sure = True
    header_sure = True

    def __init__(self, path: Path, found: Sniffed) -> None:
        super().__init__(path)
        self.encoding = found.encoding
        self.encoding_sure = found.sure
        self._singles: list[tuple[str, str]] = []
        self._counts: dict[str, int] = {}
        self._position = Position(0)
        self._learn_columns()

    def tell(self) -> Position:
        """Position after the card handed out last."""
        return self._position

    def rows(self, start_row: int = 0, *, resume: Position | None = None) -> Iterator[Row]:
        """Stream the cards; ``number`` is the card's place in the file."""
        first = max(start_row, resume.row + 1 if resume else 1)
        for number, card in enumerate(read_cards(self.path, self.encoding), start=1):
            if number < first:
                continue
            contact = read_contact(card)
            self._position = Position(number)
            yield Row(number, self._values(contact), self._notice(card, contact))

    def _learn_columns(self) -> None:
        used: set[str] = {"name"}
        counts = dict.fromkeys(["emails", "phones", "urls", "chats", "addresses"], 0)
        for card in read_cards(self.path, self.encoding):
            contact = read_contact(card)
            used.update(name for _header, name in _SINGLE if getattr(contact, name))
            for name in counts:
                counts[name] = max(counts[name], len(getattr(contact, name)))
        self._singles = [(header, name) for header, name in _SINGLE if name in used]
        self._counts = {name: min(count, limits.VCARD_VALUES) for name, count in counts.items()}
        self.headers = [header for header, _name in self._singles]
        for header, name in _REPEATED:
            for index in range(1, self._counts[name] + 1):
                self.headers += [f"{header} {index}", f"{header} {index} label"]
        for index in range(1, self._counts["addresses"] + 1):
            self.headers += [f"Address {index} {part}" for part in _ADDRESS]

    def _values(self, contact: ContactCard) -> list[str]:
        values = [str(getattr(contact, name)) for _header, name in self._singles]
        for _header, name in _REPEATED:
            found = getattr(contact, name)[: self._counts[name]]
            for reach in found:
                values += [reach.value, reach.label]
            values += ["", ""] * (self._counts[name] - len(found))
        for address in contact.addresses[: self._counts["addresses"]]:
            values += [getattr(address, part) for part in _ADDRESS]
        return values + [""] * (len(self.headers) - len(values))

    def _notice(self, card: RawCard, contact: ContactCard) -> Notice | None:
        params = {"line": card.line}
        if not card.complete:
            return Notice(
                "card_not_ended",
                _("The card that begins at line %(line)s has no END:VCARD; it may be cut off."),
                params,
                fatal=True,
            )
        if not (contact.name or contact.company or contact.emails or contact.phones):
            return Notice(
                "card_empty",
                _("The card at line %(line)s has no name, company, e-mail or phone."),
                params,
                fatal=True,
            )
        if card.bad_lines:
            return Notice(
                "card_line",
                _("Line %(line)s of the card could not be understood and was left out."),
                {"line": card.bad_lines[0]},
            )
        if any(len(getattr(contact, name)) > count for name, count in self._counts.items()):
            return Notice(
                "card_values",
                _("The card at line %(line)s has more than %(limit)s values of a kind."),
                {"line": card.line, "limit": limits.VCARD_VALUES},
            )
        return None
