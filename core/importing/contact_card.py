"""The contact in a vCard: names, ways to reach, company, dates, in plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.importing.vcard import Property, RawCard, split_escaped, unescape

#: Types that say nothing a salesperson would want to read as a label.
_DULL_TYPES = {"pref", "internet", "voice", "postal", "parcel", "msg", "x400", "dom", "intl"}
_CHAT_NAMES = {
    "X-AIM": "aim",
    "X-ICQ": "icq",
    "X-MSN": "msn",
    "X-QQ": "qq",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-JABBER": "jabber",
    "X-GTALK": "gtalk",
    "X-GOOGLE-TALK": "gtalk",
    "X-YAHOO": "yahoo",
    "X-WECHAT": "wechat",
    "X-WHATSAPP": "whatsapp",
    "X-MS-IMADDRESS": "",
    "IMPP": "",
}
_ANNIVERSARY_NAMES = {
    "ANNIVERSARY",
    "X-ANNIVERSARY",
    "X-MS-ANNIVERSARY",
    "X-EVOLUTION-ANNIVERSARY",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """One e-mail, phone, link or chat name with its label."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. ``extra`` is the post box and the flat or office."""

    street: str = ""
    extra: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    label: str = ""


@dataclass(slots=True)
class ContactCard:
    """Everything of a card that a CRM keeps."""

    name: str = ""
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    company: str = ""
    department: str = ""
    title: str = ""
    role: str = ""
    birthday: str = ""
    anniversary: str = ""
    note: str = ""
    tags: str = ""
    uid: str = ""
    emails: list[Reach] = field(default_factory=list)
    phones: list[Reach] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    urls: list[Reach] = field(default_factory=list)
    chats: list[Reach] = field(default_factory=list)


def read_contact(card: RawCard) -> ContactCard:
    """Make a contact of the properties of a card."""
    labels = {
        item.group: _plain_label(unescape(item.value))
        for item in card.properties
        if item.name == "X-ABLABEL" and item.group
    }
    contact = ContactCard()
    for item in sorted(card.properties, key=_preference):
        handler = _HANDLERS.get(item.name)
        if handler is not None:
            handler(contact, item, card.version, labels.get(item.group, ""))
    contact.name = contact.name or _joined_name(contact)
    return contact


def _preference(item: Property) -> int:
    """Preferred values come first; the rest keeps its order."""
    if "pref" in item.types():
        return 1
    value = (item.params.get("PREF") or [""])[0]
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 999


def _plain_label(label: str) -> str:
    """Take Apple's wrapping ``_$!<HomePage>!$_`` off."""
    return label.removeprefix("_$!<").removesuffix(">!$_").strip()


def _label(item: Property, custom: str) -> str:
    if custom:
        return custom
    return " ".join(dict.fromkeys(word for word in item.types() if word not in _DULL_TYPES))


def _parts(item: Property, version: str, count: int) -> list[str]:
    """Return the ``;`` components, lists inside them joined by a comma."""
    parts = []
    for piece in split_escaped(item.value, ";"):
        values = [piece] if version == "2.1" else split_escaped(piece, ",")
        texts = [unescape(value, version) for value in values]
        parts.append(", ".join(text for text in texts if text))
    return (parts + [""] * count)[:count]


def _read_name(contact: ContactCard, item: Property, version: str, label: str) -> None:
    if contact.last_name or contact.first_name:
        return
    (
        contact.last_name,
        contact.first_name,
        contact.middle_name,
        contact.prefix,
        contact.suffix,
    ) = _parts(item, version, 5)


def _joined_name(contact: ContactCard) -> str:
    parts = [
        contact.prefix,
        contact.first_name,
        contact.middle_name,
        contact.last_name,
        contact.suffix,
    ]
    return " ".join(part for part in parts if part)


def _read_company(contact: ContactCard, item: Property, version: str, label: str) -> None:
    if contact.company:
        return
    units = [unescape(piece, version) for piece in split_escaped(item.value, ";")]
    contact.company = units[0]
    contact.department = ", ".join(unit for unit in units[1:] if unit)


def _read_address(contact: ContactCard, item: Property, version: str, label: str) -> None:
    if "X-RAW-LABEL" in item.params:
        # An unquoted LABEL parameter ran on past its colon into the value.
        head, marker, tail = item.value.rpartition("^n")
        item.value = tail.partition(":")[2] if marker else head + tail
    box, flat, street, city, region, postcode, country = _parts(item, version, 7)
    if not street:
        street, flat = flat, ""
    extra = "\n".join(part for part in (box, flat) if part)
    address = Address(street, extra, city, region, postcode, country, _label(item, label))
    if any((street, extra, city, region, postcode, country)):
        contact.addresses.append(address)


def _add_reach(target: list[Reach], value: str, label: str) -> None:
    if value and all(known.value != value or known.label != label for known in target):
        target.append(Reach(value, label))


def _read_email(contact: ContactCard, item: Property, version: str, label: str) -> None:
    value = unescape(item.value, version)
    if value[:7].lower() == "mailto:":
        value = value[7:]
    _add_reach(contact.emails, value, _label(item, label))


def _read_phone(contact: ContactCard, item: Property, version: str, label: str) -> None:
    value = unescape(item.value, version)
    if value[:4].lower() == "tel:":
        value, _mark, rest = value[4:].partition(";")
        extension = next((p[4:] for p in rest.split(";") if p.lower().startswith("ext=")), "")
        value = f"{value} ext. {extension}" if extension else value
    _add_reach(contact.phones, value, _label(item, label))


def _read_url(contact: ContactCard, item: Property, version: str, label: str) -> None:
    _add_reach(contact.urls, unescape(item.value, version), _label(item, label))


def _read_chat(contact: ContactCard, item: Property, version: str, label: str) -> None:
    value = unescape(item.value, version)
    service = (item.params.get("X-SERVICE-TYPE") or [_CHAT_NAMES[item.name]])[0]
    if item.name == "IMPP" and ":" in value:
        scheme, _colon, value = value.partition(":")
        service = service or scheme
    _add_reach(contact.chats, value, label or service.lower())


def _read_birthday(contact: ContactCard, item: Property, version: str, label: str) -> None:
    contact.birthday = contact.birthday or iso_date(item.value)


def _read_anniversary(contact: ContactCard, item: Property, version: str, label: str) -> None:
    contact.anniversary = contact.anniversary or iso_date(item.value)


def _read_apple_date(contact: ContactCard, item: Property, version: str, label: str) -> None:
    if label.lower() == "anniversary":
        _read_anniversary(contact, item, version, label)


def _read_note(contact: ContactCard, item: Property, version: str, label: str) -> None:
    text = unescape(item.value, version)
    if text and text not in contact.note.split("\n\n"):
        contact.note = f"{contact.note}\n\n{text}" if contact.note else text


def _read_tags(contact: ContactCard, item: Property, version: str, label: str) -> None:
    texts = [unescape(piece, version) for piece in split_escaped(item.value, ",")]
    known = [contact.tags] if contact.tags else []
    contact.tags = ", ".join(known + [text for text in texts if text])


def iso_date(value: str) -> str:
    """Write ``19800322``, ``1980-03-22T…`` and ``--0203`` the ISO way; others stay."""
    text = value.strip()
    digits = text.replace("-", "")
    day = digits.partition("T")[0]
    if text.startswith("--") and len(day) == 4 and day.isdigit():
        return f"--{day[:2]}-{day[2:]}"
    if len(day) == 8 and day.isascii() and day.isdigit():
        return f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return text


def _plain(attribute: str):
    """Return a reader for a single text property: the first value stays."""

    def read(contact: ContactCard, item: Property, version: str, label: str) -> None:
        if not getattr(contact, attribute):
            setattr(contact, attribute, unescape(item.value, version))

    return read


_HANDLERS = {
    "FN": _plain("name"),
    "N": _read_name,
    "NICKNAME": _plain("nickname"),
    "ORG": _read_company,
    "TITLE": _plain("title"),
    "ROLE": _plain("role"),
    "EMAIL": _read_email,
    "TEL": _read_phone,
    "ADR": _read_address,
    "URL": _read_url,
    "BDAY": _read_birthday,
    "NOTE": _read_note,
    "CATEGORIES": _read_tags,
    "UID": _plain("uid"),
    "X-ABDATE": _read_apple_date,
    **dict.fromkeys(_ANNIVERSARY_NAMES, _read_anniversary),
    **dict.fromkeys(_CHAT_NAMES, _read_chat),
}
