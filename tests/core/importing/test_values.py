"""Cells as people write them."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing import values
from core.importing.errors import ValueProblem
from core.importing.values.choices import choice_index


@pytest.mark.parametrize(
    ("text", "sign", "expected"),
    [
        ("1,234.56", None, "1234.56"),
        ("1.234,56", None, "1234.56"),
        ("1 234,56", None, "1234.56"),
        ("1\u202f234,56", None, "1234.56"),
        ("1'234.56", None, "1234.56"),
        ("(12.50)", None, "-12.50"),
        ("-12", None, "-12"),
        ("−12", None, "-12"),
        ("12-", None, "-12"),
        ("+7", None, "7"),
        ("1.2万", None, "12000"),
        ("3亿", None, "300000000"),
        ("5k", None, "5000"),
        ("１，２３４．５", None, "1234.5"),
        ("1.234", ",", "1234"),
        ("1,234", ",", "1.234"),
        ("1,234", None, "1234"),
        ("1.234.567", None, "1234567"),
        ("12,34,567.5", None, "1234567.5"),
        ("1,2345,6789", None, "123456789"),
        (".5", None, "0.5"),
        ("5.", None, "5"),
        ("1e5", None, "100000"),
        ("12 %", None, "12"),
    ],
)
def test_decimal(text: str, sign: str | None, expected: str) -> None:
    assert values.parse_decimal(text, sign) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["abc", "1,23,4", "--5", "5.5.5", "٣", "1.2.3,4,5", "NaN", "inf", "-", "()", "1" * 61]
)
def test_not_a_decimal(text: str) -> None:
    with pytest.raises(ValueProblem):
        values.parse_decimal(text)


def test_decimal_strict_to_its_column() -> None:
    for text, sign in (("1,5", "."), ("1.5", ",")):
        with pytest.raises(ValueProblem):
            values.parse_decimal(text, sign)
    assert values.parse_decimal(" ") is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from([".,", ",."]))
def test_grouped_numbers_come_back(number: Decimal, signs: str) -> None:
    text = f"{number:,.2f}".translate({ord("."): signs[0], ord(","): signs[1]})
    assert values.parse_decimal(text, signs[0]) == number


def test_integer() -> None:
    assert values.parse_integer("1,234") == 1234
    assert values.parse_integer("12.0") == 12
    assert values.parse_integer("") is None
    with pytest.raises(ValueProblem, match="whole number"):
        values.parse_integer("12.5")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("¥1,200", "1200", ""),
        ("￥1.2万", "12000", "CNY"),
        ("$12.50", "12.50", "USD"),
        ("-$5", "-5", "USD"),
        ("(€12,50)", "-12.50", "EUR"),
        ("USD 5", "5", "USD"),
        ("5 EUR", "5", "EUR"),
        ("1.200,00 CHF", "1200", "CHF"),
        ("1200元", "1200", "CNY"),
        ("HK$ 8", "8", "HKD"),
        ("8", "8", ""),
    ],
)
def test_money(text: str, amount: str, currency: str) -> None:
    assert values.parse_money(text) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["$", "CHF", "12 eur", "USD 5 EUR", "free"])
def test_not_money(text: str) -> None:
    with pytest.raises(ValueProblem, match="not an amount"):
        values.parse_money(text)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-12-15", None, "2024-12-15"),
        ("2024/1/5", None, "2024-01-05"),
        ("20241215", None, "2024-12-15"),
        ("15/12/2024", None, "2024-12-15"),
        ("12/15/2024", None, "2024-12-15"),
        ("03/04/2024", "dmy", "2024-04-03"),
        ("03/04/2024", "mdy", "2024-03-04"),
        ("15.12.24", "dmy", "2024-12-15"),
        ("1.2.99", "dmy", "1999-02-01"),
        ("2024年12月15日", None, "2024-12-15"),
        ("24年1月5日 星期五", None, "2024-01-05"),
        ("Dec 15, 2024", None, "2024-12-15"),
        ("15 December 2024", None, "2024-12-15"),
        ("15-Dec-24", None, "2024-12-15"),
        ("Sunday, 15th Dec 2024", None, "2024-12-15"),
        ("45641", None, "2024-12-15"),
        ("２０２４-１２-１５", None, "2024-12-15"),
        ("1900-01-01", None, "1900-01-01"),
    ],
)
def test_date(text: str, order: str | None, expected: str) -> None:
    assert values.parse_date(text, order) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "hello", "13/13/2024", "0000-00-00", "99999999", "2024-12", "1 Foo 2024"]
)
def test_not_a_date(text: str) -> None:
    with pytest.raises(ValueProblem, match="not a date"):
        values.parse_date(text)


def test_unclear_date_is_refused() -> None:
    with pytest.raises(ValueProblem) as caught:
        values.parse_date("03/04/2024")
    assert caught.value.code == "unclear_date"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-12-01 08:26", "2010-12-01T08:26:00"),
        ("12/15/2024 3:05 PM", "2024-12-15T15:05:00"),
        ("12/15/2024 12:05 a.m.", "2024-12-15T00:05:00"),
        ("2024/1/5 下午3:05", "2024-01-05T15:05:00"),
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00+00:00"),
        ("2024-01-01 10:00:00.123 +0830", "2024-01-01T10:00:00+08:30"),
        ("45641.5", "2024-12-15T12:00:00"),
    ],
)
def test_datetime(text: str, expected: str) -> None:
    assert values.parse_datetime(text) == dt.datetime.fromisoformat(expected)


def test_column_formats() -> None:
    detect = values.detect_date_format
    assert detect(["1/2/2020", "13/2/2020"]) == ("dmy", False)
    assert detect(["10/20/2016", "1/2/2016"]) == ("mdy", False)
    assert detect(["1/2/2020", "3/3/2020"]) == ("mdy", True)
    assert detect(["13/2/2020", "2/13/2020"]).ambiguous is True
    assert detect(["2020-01-02"]).ambiguous is False
    numbers = values.detect_decimal_format
    assert numbers(["1,5", "2.000,00", "x"]) == (",", False)
    assert numbers(["1,234", "7"]) == (".", True)
    assert numbers(["1,234", "0.5"]) == (".", False)
    assert numbers(["1,5", "1.5"]).ambiguous is True
    assert numbers(["€ 1.234.567"]) == (",", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Yes", True), ("是", True), ("TRUE", True), ("1", True), ("no", False), ("否", False), (" ", None)],
)
def test_boolean(text: str, expected: bool | None) -> None:
    assert values.parse_boolean(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("urangel@Espinoza-Francis.NET", "urangel@espinoza-francis.net"),
        (" Bob B. <bob+x@X.com> ", "bob+x@x.com"),
        ("mailto:a@b.co", "a@b.co"),
        ("张@例子.中国", "张@例子.中国"),
        ("", None),
    ],
)
def test_email(text: str, expected: str | None) -> None:
    assert values.parse_email(text) == expected


@pytest.mark.parametrize(
    "text",
    ["a@b", "a..b@x.com", ".a@x.com", "x@y.com,z@y.com", "a b@x.com", "@x.com", "a@x.com\nBcc: y@z.com"],
)
def test_not_an_email(text: str) -> None:
    with pytest.raises(ValueProblem, match="not an e-mail"):
        values.parse_email(text)


@pytest.mark.parametrize(
    ("text", "region", "normal"),
    [
        ("043-797-5229", "", "0437975229"),
        ("(209)172-7124x3651", "", "2091727124x3651"),
        ("+1-950-759-8687", "", "+19507598687"),
        ("001-202-555-0100x12", "", "+12025550100x12"),
        ("+44 (0)20 7946 0958", "", "+442079460958"),
        ("+1-418-656-9254 ext. 102", "", "+14186569254x102"),
        ("13800138000转8", "CN", "+8613800138000x8"),
        ("010-12345678", "CN", "+861012345678"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("06 1234 5678", "IT", "+390612345678"),
    ],
)
def test_phone(text: str, region: str, normal: str) -> None:
    found = values.parse_phone(text, region)
    assert found is not None
    assert (found.display, found.normal) == (text, normal)


@pytest.mark.parametrize("text", ["BusinessPhone", "12", "1" * 18, "+", "a@b.com"])
def test_not_a_phone(text: str) -> None:
    with pytest.raises(ValueProblem, match="not a phone"):
        values.parse_phone(text)


def test_url_and_domain() -> None:
    assert values.parse_url("escobar.org") == "https://escobar.org"
    assert values.parse_url("HTTP://www.x.com/A b".replace(" ", "")) == "http://www.x.com/Ab"
    assert values.domain_of("http://www.escobar.org/a?b") == "escobar.org"
    assert values.domain_of("a@WWW.B.com") == "b.com"
    assert values.domain_of("no domain") == ""
    for text in (
        "javascript:alert(1)",
        "http://x y.com",
        "ftp://a.com",
        "http://[::1",
        "localhost",
        "data:x",
    ):
        with pytest.raises(ValueProblem, match="web address"):
            values.parse_url(text)


def test_choice_and_tags() -> None:
    index = choice_index({"closed_won": "Won", "lost": "Lost deal"})
    assert values.parse_choice("WON", index) == "closed_won"
    assert values.parse_choice("Closed-won", index) == "closed_won"
    assert values.parse_choice(" ", index) is None
    with pytest.raises(ValueProblem, match="not one of"):
        values.parse_choice("maybe", index)
    assert values.parse_tags("a; b,A|c、 d ;;") == ("a", "b", "c", "d")


def test_text() -> None:
    assert values.clean_text("a\0b\x07  c\u200b\u202e d\ud800") == "ab c d"
    assert values.clean_text(" a \r\nb\t c ", multiline=True) == "a\nb  c"
    assert values.parse_text("<script>") == "<script>"
    with pytest.raises(ValueProblem) as caught:
        values.parse_text("x" * 256)
    assert str(caught.value) == "The text has 256 characters; at most 255 fit here."


HOSTILE = [
    "1" * 100_000, "1," * 50_000, " " * 100_000 + "x", "a@" * 50_000, "a." * 50_000 + "@",
    "a@" + "a." * 50_000,
    "<" * 100_000, "a" * 100_000 + "@" + "b" * 100_000, "年" * 100_000, "Mon, " * 20_000, "-" * 100_000,
    "(" * 100_000, "x1" * 50_000, "http://" + "a." * 50_000, "http://" + "-" * 100_000, "USD" * 33_000,
    "1 " * 50_000, ";" * 100_000, "ext" * 33_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_slow_regular_expression(text: str) -> None:
    parsers = (
        values.parse_decimal, values.parse_integer, values.parse_money, values.parse_date,
        values.parse_datetime, values.parse_boolean, values.parse_email, values.parse_phone,
        values.parse_url, values.domain_of, values.parse_tags, values.parse_text,
    )  # fmt: skip
    for parser in parsers:
        started = time.perf_counter()
        message = ""
        try:
            parser(text)
        except ValueProblem as problem:
            message = str(problem)
        assert len(message) < 300
        assert time.perf_counter() - started < 0.5, parser
    started = time.perf_counter()
    values.detect_date_format([text])
    values.detect_decimal_format([text])
    assert time.perf_counter() - started < 0.5


@given(st.text(max_size=80))
def test_parsers_raise_nothing_else(text: str) -> None:
    for parser in (
        values.parse_decimal, values.parse_integer, values.parse_money, values.parse_date,
        values.parse_datetime, values.parse_boolean, values.parse_email, values.parse_phone,
        values.parse_url, values.parse_tags, values.parse_text, values.domain_of,
    ):  # fmt: skip
        try:
            parser(text)
        except ValueProblem:
            continue
