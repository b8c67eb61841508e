"""Dates and times in the ways people and programs write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.importing.errors import ValueProblem
from core.importing.values.words import cached, shown

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_LONGEST = 48
_TIME = (
    r"(?:[T ]{1,2}(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?|上午|下午)?(?P<zone> ?Z| ?[+-]\d\d:?\d\d| UTC| GMT)?)?"
)
_ISO = re.compile(r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(?P<y>(?:19|20|21)\d\d)(?P<m>\d\d)(?P<d>\d\d)" + _TIME, re.ASCII)
_PARTS = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[-/. ])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d\d)" + _TIME, re.ASCII
)
_CHINESE = re.compile(
    r"(?P<y>\d{4}|\d\d) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号](?: ?(?:星期|周).)?" + _TIME,
    re.ASCII,
)
_DAY_MONTH = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/. ,]{1,2}(?P<name>[A-Za-z]{3,9})"
    r"[-/. ,]{1,2}(?P<y>\d{4}|\d\d)" + _TIME,
    re.ASCII,
)
_MONTH_DAY = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(?P<name>[A-Za-z]{3,9})[-/. ]{1,2}(?P<d>\d{1,2})(?:st|nd|rd|th)?"
    r"[-/. ,]{1,2}(?P<y>\d{4}|\d\d)" + _TIME,
    re.ASCII,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?", re.ASCII)
#: Excel's day 0 for serials after its imaginary 29 February 1900.
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (a cell names no zone)


#: Chinese says the half of the day first: 下午3:05.
_HALF_FIRST = re.compile(r"(上午|下午) ?(\d{1,2}[:.]\d\d(?::\d\d)?)", re.ASCII)


class DateFormat(NamedTuple):
    """The order of day and month in a column. ``ambiguous`` means both orders fit."""

    order: str = "mdy"
    ambiguous: bool = False


def parse_date(text: str, fmt: DateFormat | str | None = None) -> dt.date | None:
    """Read a day. ``fmt`` settles d/m/y or m/d/y; without it an unclear date is refused."""
    if len(text) == 10 and text[4] == "-" == text[7]:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    order = fmt.order if isinstance(fmt, DateFormat) else fmt or ""
    moment = _parse(text, order)
    return None if moment is None else moment.date()


def parse_datetime(text: str, fmt: DateFormat | str | None = None) -> dt.datetime | None:
    """Read a moment: aware when the cell names a zone, naive otherwise."""
    order = fmt.order if isinstance(fmt, DateFormat) else fmt or ""
    return _parse(text, order)


@cached
def _parse(text: str, order: str) -> dt.datetime | None:
    body = text.strip()
    if not body:
        return None
    if len(body) > _LONGEST:
        raise _not_a_date(text)
    body = " ".join(unicodedata.normalize("NFKC", body).split())
    body = _HALF_FIRST.sub(r"\2 \1", body)
    try:
        return _read(body, order)
    except (ValueError, OverflowError) as error:
        if isinstance(error, ValueProblem):
            raise
        raise _not_a_date(text) from error


def _read(body: str, order: str) -> dt.datetime:
    found = _ISO.fullmatch(body) or _CHINESE.fullmatch(body) or _COMPACT.fullmatch(body)
    if found:
        return _moment(_year(found["y"]), int(found["m"]), int(found["d"]), found)
    found = _PARTS.fullmatch(body)
    if found:
        day, month = _day_month(int(found["a"]), int(found["b"]), order, body)
        return _moment(_year(found["y"]), month, day, found)
    found = _DAY_MONTH.fullmatch(body) or _MONTH_DAY.fullmatch(body)
    if found and found["name"].lower() in _MONTHS:
        month = _MONTHS[found["name"].lower()]
        return _moment(_year(found["y"]), month, int(found["d"]), found)
    if _SERIAL.fullmatch(body):
        moment = _EPOCH + dt.timedelta(days=float(body))
        return (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    raise ValueError(body)


def _day_month(first: int, second: int, order: str, body: str) -> tuple[int, int]:
    if first > 12 or (order == "dmy" and second <= 12):
        return first, second
    if second > 12 or order == "mdy":
        return second, first
    if first == second:
        return first, second
    raise ValueProblem(
        "unclear_date",
        _("It is unclear whether “%(value)s” starts with the day or the month; choose which."),
        value=body,
    )


def _year(text: str) -> int:
    """Two digits: 00 to 68 are 2000 to 2068, as in POSIX; 69 to 99 the last century."""
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year <= 68 else 1900)


def _moment(year: int, month: int, day: int, found: re.Match[str]) -> dt.datetime:
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    half = (found["half"] or "").replace(".", "").lower()
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    moment = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    zone = (found["zone"] or "").strip()
    if not zone:
        return moment
    if zone in ("Z", "UTC", "GMT"):
        return moment.replace(tzinfo=dt.UTC)
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    offset = dt.timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    return moment.replace(tzinfo=dt.timezone(offset))


def detect_date_format(values: Iterable[str]) -> DateFormat:
    """Tell the order of day and month of a column from a sample of its cells."""
    day_first = month_first = unclear = 0
    for value in values:
        found = _PARTS.fullmatch(unicodedata.normalize("NFKC", value.strip()[:_LONGEST]))
        if not found:
            continue
        first, second = int(found["a"]), int(found["b"])
        if first > 12 >= second:
            day_first += 1
        elif second > 12 >= first:
            month_first += 1
        elif first != second:
            unclear += 1
    if day_first and month_first:
        return DateFormat("dmy" if day_first > month_first else "mdy", ambiguous=True)
    if day_first:
        return DateFormat("dmy")
    return DateFormat("mdy", ambiguous=not month_first and unclear > 0)


def _not_a_date(text: str) -> ValueProblem:
    return ValueProblem("not_a_date", _("“%(value)s” is not a date."), value=shown(text))
