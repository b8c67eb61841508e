"""Keeps personal data and secrets out of the log, whoever writes the line."""

import logging
import re

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
QUERY = re.compile(r"(?<=[\w/.-])\?[^\s\"'?]+")
URL_CREDENTIALS = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")
SECRET_PAIR = re.compile(
    r"((?:password|passwd|secret|token|key|authorization|cookie|session(?:id)?)[\"']?\s*[=:]\s*)"
    r"(?:Bearer\s+)?[^\s,;&)}]+",
    re.IGNORECASE,
)
LONG_TOKEN = re.compile(r"(?<=/)(?=[\w:=-]*\d)[\w:=-]{20,}(?=[/.\s\"']|$)")
# PostgreSQL repeats the row in its error: "Key (email)=(someone@example.org) already exists."
DATABASE_DETAIL = re.compile(r"DETAIL:.*|(?<=\)=\()[^)]*(?=\))")

RULES = [
    (URL_CREDENTIALS, "***"),
    (DATABASE_DETAIL, "***"),
    (QUERY, "?***"),
    (SECRET_PAIR, r"\1***"),
    (LONG_TOKEN, "***"),
    (EMAIL, "***"),
]


def scrub(text: str) -> str:
    """The text without e-mail addresses, query strings, tokens and credentials."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


class PrivateDataFilter(logging.Filter):
    """Scrubs the finished message and the traceback of every record it lets through."""

    formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keep the record, with its text scrubbed."""
        record.msg = scrub(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub(record.exc_text)
        return True
