"""E-mail addresses, phone numbers and web addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.importing.errors import ValueProblem
from core.importing.values.words import cached, clean_text, shown

_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W_][\w-]{0,61}[^\W_]"
)
_ANGLED = re.compile(r"[^<>]{0,200}<([^<>\s]{3,254})>")
_EXTENSION = re.compile(r"(?:ext\.?|extn?\.?|x|#|;ext=|转|分机) ?:?(\d{1,8})$", re.IGNORECASE)
_PUNCTUATION = str.maketrans("", "", " \t-.()/\\_[]\u00a0\u2010\u2011\u2012\u2013\u2014\u00b7")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{0,61}[^\W_]")
#: Scheme, perhaps a user, host, perhaps a port. Quicker than urlsplit, and as strict.
_AUTHORITY = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://(?:[^/?#@\\\s]{0,200}@)?([^/?#:@\\\s]{1,255})(?::\d{1,5})?(?=[/?#]|\Z)"
)

#: Calling codes of countries whose national numbers begin with a trunk 0 that is dropped.
_TRUNK_ZERO = {
    "GB": "44", "DE": "49", "FR": "33", "NL": "31", "BE": "32", "CH": "41", "AT": "43",
    "SE": "46", "AU": "61", "NZ": "64", "IN": "91", "JP": "81", "KR": "82", "TW": "886",
    "TH": "66", "VN": "84", "ID": "62", "MY": "60", "PH": "63", "ZA": "27", "IE": "353",
}  # fmt: skip


class Phone(NamedTuple):
    """A phone number. ``normal`` is for comparing: +digits or digits, extension after x."""

    display: str
    normal: str


@cached
def parse_email(text: str) -> str | None:
    """Return the address with its domain in lower case; ``Name <address>`` is understood."""
    body = clean_text(text)
    if not body:
        return None
    if body[:7].lower() == "mailto:":
        body = body[7:]
    angled = _ANGLED.fullmatch(body[:500])
    if angled:
        body = angled[1]
    local, _at, domain = body.rpartition("@")
    fits = len(body) <= 254 and _EMAIL.fullmatch(body)
    if not fits or ".." in local or local[0] == "." or local[-1] == ".":
        raise ValueProblem("not_an_email", _("“%(value)s” is not an e-mail address."), value=shown(text))
    return f"{local}@{domain.lower()}"


@cached
def parse_phone(text: str, region: str = "") -> Phone | None:
    """Read a phone number; ``region`` (ISO code) gives national numbers their country."""
    display = clean_text(text)
    if not display:
        return None
    if len(display) > 60:
        raise _not_a_phone(text)
    body = display if display.isascii() else unicodedata.normalize("NFKC", display)
    if body[:4].lower() == "tel:":
        body = body[4:]
    extension = ""
    digits = body.translate(_PUNCTUATION)
    if not digits.lstrip("+").isdigit():
        found = _EXTENSION.search(body)
        if found:
            body, extension = body[: found.start()].rstrip(" ,;"), found[1]
            digits = body.translate(_PUNCTUATION)
    if "(0)" in body and digits.startswith("+"):
        digits = body.replace("(0)", "", 1).translate(_PUNCTUATION)
    plus = digits.startswith("+")
    digits = digits[1:] if plus else digits
    if not (digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 17):
        raise _not_a_phone(text)
    if not plus and digits.startswith("00") and len(digits) >= 9:
        plus, digits = True, digits[2:]
    normal = f"+{digits}" if plus else _national(digits, region.upper())
    return Phone(display, f"{normal}x{extension}" if extension else normal)


def _national(digits: str, region: str) -> str:
    """Put the country's calling code before a national number, where that is certain."""
    length = len(digits)
    if not region or length < 5:
        return digits
    if region in ("US", "CA"):
        if length == 10 and digits[0] not in "01":
            return f"+1{digits}"
        if length == 11 and digits[0] == "1":
            return f"+{digits}"
        return digits
    if region == "CN":
        if length == 11 and digits[0] == "1" and digits[1] in "3456789":
            return f"+86{digits}"
        if digits[0] == "0" and 10 <= length <= 12:
            return f"+86{digits[1:]}"
        return digits
    if region in _TRUNK_ZERO:
        if digits[0] == "0" and 8 <= length <= 12:
            return f"+{_TRUNK_ZERO[region]}{digits[1:]}"
        return digits
    return _by_library(digits, region)


def _by_library(digits: str, region: str) -> str:
    """Ask phonenumbers: right for every country, but some twenty times slower."""
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(number):
        return digits
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _not_a_phone(text: str) -> ValueProblem:
    return ValueProblem("not_a_phone", _("“%(value)s” is not a phone number."), value=shown(text))


@cached
def parse_url(text: str) -> str | None:
    """Return a web address with its scheme; only http and https are let in."""
    body = clean_text(text)
    if not body:
        return None
    scheme, mark, rest = body.partition("://")
    if not mark:
        scheme, rest = "https", body.removeprefix("//")
    url = f"{scheme.lower()}://{rest}"
    host = _host(url)
    if scheme.lower() not in ("http", "https") or " " in url or len(url) > 2000 or not host:
        raise ValueProblem("not_a_url", _("“%(value)s” is not a web address."), value=shown(text))
    return url


def _host(url: str) -> str:
    found = _AUTHORITY.match(url)
    host = found[1].rstrip(".") if found else ""
    return host.lower() if len(host) <= 253 and _HOST.fullmatch(host) else ""


@cached
def domain_of(text: str) -> str:
    """Return the host of a web or e-mail address without ``www.``; "" when there is none."""
    body = clean_text(text).lower()
    if "@" in body and "://" not in body:
        body = body.rpartition("@")[2].rstrip(">")
    if not body:
        return ""
    body = body.removeprefix("//")
    return _host(body if "://" in body else f"https://{body}").removeprefix("www.")
