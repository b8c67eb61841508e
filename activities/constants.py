"""Choices and limits of the activities app."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.TextChoices):
    CALL = "call", _("Call")
    MAIL = "mail", _("Mail")
    MEETING = "meeting", _("Meeting")
    NOTE = "note", _("Note")
    CHAT = "chat", _("Chat")
    SOCIAL = "social", _("Social media")


#: Kinds in which the customer hears of us; a note is only for ourselves.
CONTACT_KINDS = frozenset(ActivityKind.values) - {ActivityKind.NOTE.value}


class Direction(models.TextChoices):
    IN = "in", _("From the customer")
    OUT = "out", _("From us")
    NONE = "none", _("Neither")


class Priority(models.IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")


class Repeat(models.TextChoices):
    NONE = "none", _("Does not repeat")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    YEARLY = "yearly", _("Every year")


class Interval(models.TextChoices):
    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every three months")
    HALF_YEARLY = "half_yearly", _("Every six months")
    YEARLY = "yearly", _("Every year")


# (months, days) of one step.
REPEAT_STEPS = {
    Repeat.DAILY: (0, 1),
    Repeat.WEEKLY: (0, 7),
    Repeat.MONTHLY: (1, 0),
    Repeat.YEARLY: (12, 0),
}
INTERVAL_STEPS = {
    Interval.WEEKLY: (0, 7),
    Interval.FORTNIGHTLY: (0, 14),
    Interval.MONTHLY: (1, 0),
    Interval.QUARTERLY: (3, 0),
    Interval.HALF_YEARLY: (6, 0),
    Interval.YEARLY: (12, 0),
}

TIMELINE_PAGE = 25
STALLED_AFTER = timedelta(days=30)
NEW_LEAD_FOR = timedelta(days=14)
ANSWER_WITHIN = timedelta(days=30)
MAX_MINUTES = 7 * 24 * 60

#: What may be attached, and the one type it is sent out with. Anything a browser could run or
#: draw as a page (HTML, SVG, XML) goes out as plain bytes.
BYTES = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
ATTACHMENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "md": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "tsv": "text/plain",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
    "zip": "application/zip",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "html": BYTES,
    "htm": BYTES,
    "svg": BYTES,
    "xml": BYTES,
    "json": BYTES,
}
