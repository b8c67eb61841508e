"""The Chinese catalogue: complete, sound, and what pages, forms, mails and packages show."""

import gettext
import importlib.util
import re
import shutil
from datetime import UTC, date, datetime
from types import ModuleType

import polib
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import formats, translation

from core.management.commands.compile_translations import compile_folder
from crm_project import msgids as package_msgids
from customers.constants import StageKind
from customers.models import LifecycleStage
from customers.msgids import LIFECYCLE_STAGES

CATALOGUE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def load_checker() -> ModuleType:
    """The script beside the repository's other scripts; they are no package."""
    path = settings.BASE_DIR / "scripts" / "check_translations.py"
    spec = importlib.util.spec_from_file_location("check_translations", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checker = load_checker()
COUNTS = dict.fromkeys(
    ["count", "unused_count", "total_count", "limit_value", "show_value", "max", "num", "min_length"], 2
)


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def entry(text: str, translated: str, **kwargs: object) -> polib.POFile:
    """A catalogue of one text."""
    one = polib.POFile()
    one.append(polib.POEntry(msgid=text, msgstr=translated, **kwargs))
    return one


# The catalogue itself ---------------------------------------------------------------------------


def test_nothing_is_untranslated_or_fuzzy(catalogue):
    left = [one.msgid for one in catalogue if not one.obsolete and (one.fuzzy or not one.translated())]
    assert left == []


def test_every_translation_is_sound(catalogue):
    assert checker.bad_translations(catalogue) == []


def test_chinese_has_one_form_for_all_numbers(catalogue):
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert {tuple(one.msgstr_plural) for one in catalogue if one.msgid_plural} == {(0,)}


def test_polib_compiles_what_gettext_reads(tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(CATALOGUE, folder)
    assert compile_folder(tmp_path) == [folder / "django.mo"]
    assert compile_folder(tmp_path) == [], "an unchanged catalogue is not compiled again"
    compiled = gettext.translation("django", tmp_path, languages=["zh_Hans"])
    assert compiled.gettext("Customers") == "客户"
    assert compiled.ngettext("%(count)d thing for you today", "%(count)d things for you today", 1) == (
        "今天有 %(count)d 件事需要您处理"
    )


# What migrations and packages say ----------------------------------------------------------------


@pytest.mark.django_db
def test_the_default_stages_are_in_the_catalogue(catalogue):
    """Their English names are rows of the database, which makemessages cannot see."""
    stored = set(LifecycleStage.objects.values_list("name", flat=True))
    assert stored == set(LIFECYCLE_STAGES)
    assert stored <= {one.msgid for one in catalogue}
    with translation.override("zh-hans"):
        assert [str(stage) for stage in LifecycleStage.objects.order_by("position")] == [
            "线索", "已确认", "商机", "客户", "忠诚客户", "已流失",
        ]  # fmt: skip
        assert [str(label) for label in StageKind.labels][:2] == ["线索", "已确认"]


def test_a_stage_somebody_named_reads_as_named():
    with translation.override("zh-hans"):
        assert str(LifecycleStage(name="Onboarding")) == "Onboarding"


@pytest.mark.parametrize(
    "name", [name for name, value in vars(package_msgids).items() if isinstance(value, tuple)]
)
def test_texts_of_packages_are_translated(name):
    with translation.override("zh-hans"):
        for text in getattr(package_msgids, name):
            shown = translation.gettext(text) if isinstance(text, str) else text % COUNTS
            assert re.search(r"[\u4e00-\u9fff：]", str(shown)), text


def test_texts_of_packages_still_exist():
    """A text that a package reworded would be English again without anybody noticing."""
    import allauth
    import django
    import django_filters

    known = set()
    for package in (allauth, django, django_filters):
        folder = next(iter(package.__path__))
        for path in [
            f"{folder}/locale/en/LC_MESSAGES/django.po",
            f"{folder}/locale/zh_Hans/LC_MESSAGES/django.po",
            f"{folder}/locale/zh_CN/LC_MESSAGES/django.po",
            f"{folder}/conf/locale/en/LC_MESSAGES/django.po",
            f"{folder}/contrib/admin/locale/en/LC_MESSAGES/django.po",
            f"{folder}/contrib/auth/locale/en/LC_MESSAGES/django.po",
        ]:
            try:
                known |= {one.msgid for one in polib.pofile(path)}
            except OSError:
                continue
    wanted = {
        text
        for value in vars(package_msgids).values()
        if isinstance(value, tuple)
        for text in value
        if isinstance(text, str)
    }
    assert wanted - known == set()


# What a Chinese page shows -----------------------------------------------------------------------


class SampleForm(forms.Form):
    """A field of each common kind."""

    name = forms.CharField()
    size = forms.IntegerField(max_value=3)
    day = forms.DateField()
    address = forms.EmailField()
    choice = forms.ChoiceField(choices=[("a", "A")])


def test_form_errors_are_chinese():
    with translation.override("zh-hans"):
        form = SampleForm({"size": "5", "day": "x", "address": "x", "choice": "b"})
        messages = {name: form.errors[name][0] for name in form.fields}
    assert messages["name"] == "此字段必填。"
    assert not any(re.search(r"[A-Za-z]{3}", text) for text in messages.values()), messages


def test_a_short_password_is_refused_in_chinese():
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        MinimumLengthValidator(10).validate("short")
    with translation.override("zh-hans"):
        assert refused.value.messages == ["密码太短，至少须包含 10 个字符。"]


def test_dates_and_numbers_are_written_as_in_china():
    day = date(2026, 3, 9)
    with translation.override("zh-hans"):
        assert formats.date_format(day, "DATE_FORMAT") == "2026年3月9日"
        assert formats.date_format(day, "SHORT_DATE_FORMAT") == "2026-03-09"
        assert formats.date_format(day, "MONTH_DAY_FORMAT") == "3月9日"
        moment = datetime(2026, 3, 9, 8, 5, tzinfo=UTC)
        assert formats.date_format(moment, "SHORT_DATETIME_FORMAT") == "2026-03-09 08:05"
        assert formats.number_format(47850000, force_grouping=True) == "47,850,000"


def test_percent_signs_survive_template_tags():
    template = Template("{% load i18n %}{% translate '%s results' %}")
    with translation.override("zh-hans"):
        assert template.render(Context()) == "%s 条结果"


# The checker -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "translated", "problem"),
    [
        ("Hello %(name)s,", "您好：", "placeholders [] instead of ['%(name)s']"),
        ("Hello,", "%(name)s，您好：", "placeholders ['%(name)s'] instead of []"),
        ("%(n)d of %(name)s", "%(name)s 中的 %(n)d 个", ""),
        ("%d of %s", "%s 中的 %d 个", "placeholders ['%s', '%d'] instead of ['%d', '%s']"),
        ("%s and %s", "%s", "placeholders ['%s'] instead of ['%s', '%s']"),
        ("{number} rows", "{count} 行", "placeholders ['{count}'] instead of ['{number}']"),
        ("%%s results", "条结果", "placeholders [] instead of ['%%s']"),
        ("See <a href=\"%(url)s\">it</a>.", "见 %(url)s。", "tags differ"),
        ("Dashboard", "Dashboard 页", "English left (Dashboard)"),
        ("CSV or Excel", "CSV 或 Excel", ""),
        ("Yes, please", "好的,请", "half-width punctuation"),
        ("Name (optional)", "名称(选填)", "half-width punctuation"),
        ("5 days", "5天", "no space between Chinese and Latin"),
        ("Sort and filter", "排序 筛选", "a space too many"),
        ("Save", "保存。", "full stop on a label"),
        ("It is saved.", "已保存", "no full stop"),
        ("It is saved.", "已保存。", ""),
        ("Sign in", "登陆", "登陆: say 登录"),
    ],
)  # fmt: skip
def test_the_checker_finds(text, translated, problem):
    found = checker.bad_translations(entry(text, translated))
    expected = [f"{problem}: {text!r} → {translated!r}"] if problem else []
    assert found == expected


def test_the_checker_compares_with_the_source():
    ours = entry("Old", "旧")
    ours.append(polib.POEntry(msgid="Half", msgstr="半", flags=["fuzzy"]))
    ours.append(polib.POEntry(msgid="Bare", msgstr=""))
    fresh = entry("Half", "")
    fresh.append(polib.POEntry(msgid="Bare", msgstr=""))
    fresh.append(polib.POEntry(msgid="New", msgstr=""))
    assert checker.compare(ours, fresh) == [
        "not in the catalogue: 'New'",
        "no longer in the source: 'Old'",
        "fuzzy: 'Half'",
        "untranslated: 'Bare'",
    ]
