"""Suggested mappings and distinct values."""

from core.importing.distinct import ColumnValues, DistinctCounter
from core.importing.mapping import ImportField, normal_header, suggest_mapping
from core.importing.readers import open_table

FIELDS = [
    ImportField("name", "Name", ("company", "organisation", "account", "客户名称", "公司")),
    ImportField("first_name", "First name", ("given name", "名")),
    ImportField("last_name", "Last name", ("surname", "姓")),
    ImportField("email", "E-mail", ("email address", "邮箱"), "email", many=True),
    ImportField("phone", "Phone", ("telephone", "mobile", "电话", "手机"), "phone", many=True),
    ImportField("website", "Website", ("url", "homepage", "网址"), "url"),
    ImportField("country", "Country", ("office location", "国家"), "country"),
    ImportField("city", "City", ("town", "城市")),
    ImportField("since", "Customer since", ("subscription date",), "date"),
    ImportField("external_id", "External ID", ("customer id", "organization id")),
    ImportField("industry", "Industry", ("sector", "行业")),
    ImportField("employees", "Employees", ("number of employees",), "integer"),
]


def _fields(headers: list[str], rows: list[list[str]]) -> list[str]:
    return [found.field for found in suggest_mapping(headers, rows, FIELDS)]


def test_headers_in_many_spellings() -> None:
    assert {normal_header(text) for text in ("E-Mail Address 1", "emailAddress", "EMAIL_ADDRESS (2)")} == {
        "email address"
    }
    assert _fields(["客户名称", "手机", "邮箱", "城市"], []) == ["name", "phone", "email", "city"]
    assert _fields(["FirstName", "LAST_NAME", "Phone 1", "Phone 2"], []) == [
        "first_name", "last_name", "phone", "phone",
    ]  # fmt: skip


def test_content_speaks_when_headers_do_not() -> None:
    rows = [
        ["a@x.com", "+1 555 010 0200", "http://x.com", "Norway", "2024-01-02", "12", "Ann"],
        ["b@x.com", "(209) 172-7124", "https://y.org/a", "中国", "2024-01-03", "13", "Bob"],
    ]
    found = suggest_mapping([f"Column {n}" for n in range(1, 8)], rows, FIELDS)
    assert [item.field for item in found] == ["email", "phone", "website", "country", "", "", ""]
    assert {item.reason for item in found[:4]} == {"content"}


def test_no_single_field_twice_and_the_surer_column_wins() -> None:
    found = suggest_mapping(["Company", "Name", "City", "city"], [], FIELDS)
    assert [item.field for item in found] == ["", "name", "city", ""]


def test_header_against_its_content_loses_confidence() -> None:
    good, bad = (
        suggest_mapping(["Email"], [[cell]] * 5, FIELDS)[0].confidence for cell in ("a@x.com", "none")
    )
    assert good == 1.0
    assert bad < 0.6


def test_real_directories(shared_file) -> None:
    expected = {
        "directory/customers-10000.csv": [
            "", "external_id", "first_name", "last_name", "name", "city", "country", "phone", "phone",
            "email", "since", "website",
        ],
        "directory/organizations-10000.csv": [
            "", "external_id", "name", "country", "", "", "industry", "employees",
        ],
        "sales_pipeline/accounts.csv": ["name", "industry", "", "", "employees", "country", ""],
    }  # fmt: skip
    for name, fields in expected.items():
        table = open_table(shared_file(name))
        assert _fields(table.headers, [row.values for row in table.sample()]) == fields


def test_distinct_values_are_exact_then_given_up() -> None:
    column = ColumnValues(limit=3)
    for value in ["b", "a", " a ", "", " ", "c"]:
        column.add(value)
    assert column.most_common() == [("a", 2), ("b", 1), ("c", 1)]
    assert (column.blank, column.filled, column.too_many) == (2, 4, False)
    column.add("d")
    column.add("a")
    assert (column.most_common(), column.too_many, column.filled) == ([], True, 6)


def test_distinct_counter_over_rows() -> None:
    counter = DistinctCounter([0, 2])
    for row in (["x", "1", "y"], ["x", "2", ""]):
        counter.add(row)
    assert counter.columns[0].most_common(1) == [("x", 2)]
    assert counter.columns[2].blank == 1
