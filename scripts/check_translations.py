"""Fails when the Chinese catalogue is not complete and sound.

Every text of the source must be in it, translated and not fuzzy; every translation must keep the
placeholders and tags of its text, hold no English, and be set as Chinese is: full-width
punctuation, one space between Chinese and Latin, no full stop on a label.
The texts are collected into a temporary copy, so that checking changes no file.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans"
CATALOGUE = Path("locale") / LOCALE / "LC_MESSAGES" / "django.po"
PARTS = ["core", "accounts", "customers", "deals", "activities", "crm_project", "templates", "locale"]
Key = tuple[str, str]

PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0 +-]*[\d.]*[a-zA-Z]"  # %(name)s
    r"|%%[s\d](?!\w)"  # %s and %1 of a text in a template tag
    r"|%[#0+-]*[\d.]*[sdifr](?!\w)"  # %s
    r"|\{\w*\}"  # {name}
)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
HAN = r"[\u3400-\u9fff]"
FULL = r"[，。；：？！（）“”、…]"
LATIN = r"[A-Za-z0-9]"
# What is written in Latin letters in Chinese too: names, formats, codes and keys.
LATIN_WORDS = frozenset(
    re.findall(
        r"\S+",
        """PNG JPEG SHA Kaplan Meier n
        Guanxi Cookie Excel Office Outlook Online Retail CSV PDF XLSX xlsx xls vcf vCard VCARD END XML NUL
        UTF MB CN DE CNY IP PIN Esc English a z""",
    )
)
# One word for one thing, the way business software writes it.
UNWANTED = {
    "登陆": "登录",
    "帐号": "账号",
    "帐户": "账号",
    "账户": "账号",
    "其它": "其他",
    "电子邮件": "邮件 or 邮箱",
    "双因素": "两步验证",
    "恢复码": "恢复代码",
    "密匙": "密钥",
    "阀值": "阈值",
    "仪表板": "仪表盘",
}


def main() -> int:
    """Compare the committed catalogue with the texts in the source."""
    if not (ROOT / CATALOGUE).exists():
        print(f"{CATALOGUE} is missing; run `make messages`.")
        return 1
    ours = polib.pofile(str(ROOT / CATALOGUE))
    with tempfile.TemporaryDirectory(prefix="guanxi-messages-") as folder:
        problems = compare(ours, collect(Path(folder)))
        problems += bad_formats(Path(folder) / CATALOGUE)
    problems += bad_translations(ours)
    for line in problems[:400]:
        print(line)
    print(f"{len(problems)} problems in {CATALOGUE}" if problems else "Every text is translated.")
    return 1 if problems else 0


def collect(folder: Path) -> polib.POFile:
    """The catalogue that ``make messages`` would write now."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    command = [sys.executable, "-m", "django", "makemessages", "--locale", LOCALE, "--no-obsolete", "-v0"]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return polib.pofile(str(folder / CATALOGUE))


def compare(committed: polib.POFile, fresh: polib.POFile) -> list[str]:
    """One line for each text that is missing, unused, untranslated or fuzzy."""
    ours = {key(entry): entry for entry in committed if not entry.obsolete}
    wanted = {key(entry) for entry in fresh if not entry.obsolete}
    problems = [f"not in the catalogue: {text!r}" for text, _context in sorted(wanted - set(ours))]
    problems += [f"no longer in the source: {text!r}" for text, _context in sorted(set(ours) - wanted)]
    return problems + [
        f"{'fuzzy' if entry.fuzzy else 'untranslated'}: {entry.msgid!r}"
        for name, entry in ours.items()
        if name in wanted and (entry.fuzzy or not entry.translated())
    ]


def key(entry: polib.POEntry) -> Key:
    """What makes a text one text."""
    return entry.msgid, entry.msgctxt or ""


def bad_formats(path: Path) -> list[str]:
    """What gettext's own checker says, above all placeholders lost in translation."""
    command = ["msgfmt", "--check", "--output-file", os.devnull, str(path)]
    result = subprocess.run(command, capture_output=True, text=True)
    return [line for line in result.stderr.splitlines() if line] if result.returncode else []


def bad_translations(catalogue: polib.POFile) -> list[str]:
    """One line for each translation that is not sound."""
    return [
        f"{problem}: {entry.msgid!r} → {text!r}"
        for entry in catalogue
        if not entry.obsolete and entry.translated() and not entry.fuzzy
        for source, text in pairs(entry)
        for rule in RULES
        if (problem := rule(source, text))
    ]


def pairs(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """Text and translation. Chinese has one form for all numbers: that of the English plural."""
    if entry.msgid_plural:
        if set(entry.msgstr_plural) != {0}:
            yield entry.msgid_plural, ""
        yield from ((entry.msgid_plural, text) for text in entry.msgstr_plural.values())
    else:
        yield entry.msgid, entry.msgstr


def placeholders_differ(source: str, text: str) -> str:
    """A named part may be said twice or moved; those without a name keep number and order."""
    wanted, found = PLACEHOLDER.findall(source), PLACEHOLDER.findall(text)
    if set(wanted) != set(found) or nameless(wanted) != nameless(found):
        return f"placeholders {found} instead of {wanted}"
    return ""


def nameless(placeholders: list[str]) -> list[str]:
    """Those that only their order tells apart."""
    return [one for one in placeholders if not one.startswith(("%(", "{", "%%"))]


def tags_differ(source: str, text: str) -> str:
    """Markup is kept as it is."""
    return "" if Counter(TAG.findall(source)) == Counter(TAG.findall(text)) else "tags differ"


def english_left(source: str, text: str) -> str:
    """Latin words that Chinese readers would not write so."""
    del source
    words = re.findall(r"[A-Za-z]+", PLACEHOLDER.sub(" ", TAG.sub(" ", text)).replace("\\n", " "))
    left = [word for word in words if word not in LATIN_WORDS]
    return f"English left ({', '.join(left)})" if left else ""


def half_width(source: str, text: str) -> str:
    """Beside a Chinese character a comma, colon or bracket is full-width."""
    del source
    plain = TAG.sub("", text)
    if re.search(rf"{HAN}[,;:?!()]|[,;?!()]{HAN}|{HAN}\.(?![A-Za-z])|{HAN}\"|\"{HAN}", plain):
        return "half-width punctuation"
    return ""


def badly_spaced(source: str, text: str) -> str:
    """One space between Chinese and Latin, none between Chinese and Chinese."""
    del source
    plain = PLACEHOLDER.sub("\0", TAG.sub("", text))
    if re.search(rf"{HAN}{LATIN}|{LATIN}{HAN}", plain):
        return "no space between Chinese and Latin"
    if re.search(
        rf"{HAN} {HAN}|{FULL} |(?<!\n)(?<!^) {FULL}|  ", plain.replace("… ", "…").replace(" …", "…")
    ):
        return "a space too many"
    return ""


def stop_on_label(source: str, text: str) -> str:
    """A label has no full stop, a sentence has one."""
    if text.endswith("。") and not source.rstrip().endswith((".", "!", "…", '."', ".”", ".)", ":")):
        return "full stop on a label"
    if (
        source.endswith(".")
        and not source.endswith("...")
        and not text.endswith(("。", "！", "？", "）", "”"))
    ):
        return "no full stop"
    return ""


def unwanted_word(source: str, text: str) -> str:
    """One word for one thing."""
    del source
    found = [f"{word}: say {better}" for word, better in UNWANTED.items() if word in text]
    return "; ".join(found)


RULES: tuple[Callable[[str, str], str], ...] = (
    placeholders_differ,
    tags_differ,
    english_left,
    half_width,
    badly_spaced,
    stop_on_label,
    unwanted_word,
)


if __name__ == "__main__":
    raise SystemExit(main())
