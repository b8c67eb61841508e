"""Search finds by the documented rules, the same on every database; never what one may not see.

The larger part runs over the shared data files, which a clone of the repository does not have.
"""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from core.search import words
from core.search_registry import kinds
from core.text import cjk_spaced, is_cjk
from customers.models import Customer
from customers.services.derived import customer_text, sort_name
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, ContactMethodFactory, CustomerFactory, stage
from tests.factories.deals import OrderFactory

pytestmark = pytest.mark.django_db
DIRECTORY = Path(__file__).parents[3] / "shared" / "data" / "directory"


def reference(text: str, query: str) -> bool:
    """The rules of `core.search`, in plain Python: every word of the query must be found."""
    return all(_found(text, word) for word in words(query))


def _found(text: str, word: str) -> bool:
    has_cjk = any(is_cjk(char) for char in word)
    if len(word) >= 3 and not has_cjk:
        return word in text
    tokens = [token for token in re.split(r"[\W_]+", cjk_spaced(word)) if token]
    if not tokens:
        return False
    have = [token for token in re.split(r"[\W_]+", text) if token]
    for start in range(len(have) - len(tokens) + 1):
        part = have[start : start + len(tokens)]
        if has_cjk and part == tokens:
            return True
        if not has_cjk and part[:-1] == tokens[:-1] and part[-1].startswith(tokens[-1]):
            return True
    return False


def searched(query):
    return set(Customer.objects.all().search(query).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("müller", {"Müller & Söhne GmbH"}),
        ("MULLER sohne", {"Müller & Söhne GmbH"}),
        ("ller", {"Müller & Söhne GmbH"}),
        ("mu", {"Müller & Söhne GmbH"}),
        ("ul", set()),
        ("远科", {"华远科技有限公司"}),
        ("华", {"华远科技有限公司"}),
        ("科远", set()),
        ("华远 有限", {"华远科技有限公司"}),
        ("030 1234-5", {"Müller & Söhne GmbH"}),
        ("(030) 12345", {"Müller & Söhne GmbH"}),
        ("info@mue", {"Müller & Söhne GmbH"}),
        ("mueller.example", {"Müller & Söhne GmbH"}),
        ("Ｍüller", {"Müller & Söhne GmbH"}),
        ("müller zebra", set()),
        ("''", set()),
        ("%", set()),
        ("100%", {"100% Wool"}),
        ("10_", set()),
    ],
)
def test_rules(query, found):
    mueller = CustomerFactory(name="Müller & Söhne GmbH", domain="mueller.example")
    ContactMethodFactory(customer=mueller, value="info@mueller.example")
    ContactMethodFactory(customer=mueller, kind="phone", value="030 12345", key="4903012345")
    CustomerFactory(name="华远科技有限公司")
    CustomerFactory(name="100% Wool")
    assert searched(query) == found


@pytest.mark.slow
def test_same_rows_as_the_reference_over_the_shared_files():
    if not DIRECTORY.exists():
        pytest.skip(f"the shared data files are not here: {DIRECTORY}")
    lead, rows = stage(), []
    with (DIRECTORY / "customers-10000.csv").open(newline="") as source:
        for line in list(csv.DictReader(source))[:3000]:
            row = Customer(
                name=line["Company"],
                given_name=line["First Name"],
                family_name=line["Last Name"],
                external_id=line["Customer Id"],
                city=line["City"],
                stage=lead,
            )
            phone = re.sub(r"\D", "", line["Phone 1"])
            row.sort_name, row.search_text = sort_name(row.name), customer_text(row, [line["Email"], phone])
            rows.append(row)
    for n, name in enumerate(
        ("北京华远科技", "上海东方电子有限公司", "Ærø Ølhus", "Nguyễn Văn Đức", "ΑΘΗΝΑ ΑΕ", "Straße & Co")
    ):
        row = Customer(name=name, stage=lead, external_id=f"X{n}")
        row.sort_name, row.search_text = sort_name(name), customer_text(row, [])
        rows.append(row)
    Customer.objects.bulk_create(rows)
    texts = dict(Customer.objects.values_list("pk", "search_text"))
    queries = [
        "a",
        "jo",
        "inc",
        "son",
        "de la",
        "o'",
        "-",
        "@example",
        "net",
        "001",
        "7",
        "华",
        "东方",
        "子有",
        "olhus",
        "Ægg",
        "đức",
        "αθηνα",
        "strasse",
        "ss",
        "e.",
        "j-d",
        ".org",
        "x3",
    ]
    for row in rows[::97]:
        bare = unicodedata.normalize("NFKD", row.name)
        queries += [
            row.name[1:6],
            row.name.upper(),
            bare[:3],
            row.external_id[2:7],
            row.search_text[-9:],
            row.city[:2],
            f"{row.given_name[:3]} {row.family_name[-3:]}",
        ]
    for query in queries:
        expected = {pk for pk, text in texts.items() if reference(text, query)}
        assert set(Customer.objects.all().search(query).values_list("pk", flat=True)) == expected, query


# The palette and the page


def hits(client, query, **more):
    response = client.get("/search/", {"q": query, **more})
    assert response.status_code == 200
    return [hit.title for group in response.context["groups"] for hit in group["hits"]]


def test_what_is_invisible_is_never_named(client):
    me = UserFactory(team=TeamFactory())
    CustomerFactory(name="Zebra Ltd", owner=me)
    CustomerFactory(name="Zebra Secret")
    ContactFactory(name="Zebra Person")
    OrderFactory(number="ZEBRA-1")
    client.force_login(me)
    for more in ({}, {"palette": "1"}):
        assert hits(client, "zebra", **more) == ["Zebra Ltd"]


def test_records_of_every_kind_and_actions(client):
    client.force_login(AdministratorFactory())
    CustomerFactory(name="Customs Office")
    ContactFactory(name="Ann Custom")
    OrderFactory(number="CUSTOM-7")
    found = hits(client, "custom")
    assert {"Customs Office", "Ann Custom", "CUSTOM-7", "New customer"} <= set(found)


def test_names_that_begin_with_the_text_come_first(client):
    client.force_login(AdministratorFactory())
    for name in ("A Nova", "B Nova", "Nova Z"):
        CustomerFactory(name=name)
    assert hits(client, "nova")[:3] == ["Nova Z", "A Nova", "B Nova"]


def test_an_empty_text_shows_what_was_opened_last_if_it_may_still_be_seen(client):
    from core.models import RecentRecord
    from core.search_registry import KEPT, remember

    me = UserFactory(team=TeamFactory())
    first, second, lost = (
        CustomerFactory(name="First", owner=me),
        CustomerFactory(name="Second", owner=me),
        CustomerFactory(name="Lost", owner=me),
    )
    for record in (first, lost, second, first):
        remember(me, record)
    type(lost).objects.filter(pk=lost.pk).update(owner=None)
    client.force_login(me)
    assert hits(client, "", palette="1")[:3] == ["First", "Second", "New customer"]
    for _n in range(KEPT + 5):
        remember(me, CustomerFactory(owner=me))
    assert RecentRecord.objects.filter(user=me).count() == KEPT


@pytest.mark.parametrize(
    "query",
    [
        "'",
        '"',
        "\x00",
        "a" * 10_000,
        "%",
        "\\",
        "*",
        "a OR b",
        "(",
        "<script>alert(1)</script>",
        "🙂",
        "AND",
        "-",
        "   ",
    ],
)
def test_any_text_is_only_text(client, query):
    client.force_login(AdministratorFactory())
    CustomerFactory(name="Acme")
    for more in ({}, {"palette": "1"}):
        response = client.get("/search/", {"q": query, **more})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()


def test_few_queries_whatever_is_found(client, django_assert_max_num_queries):
    client.force_login(AdministratorFactory())
    for n in range(12):
        OrderFactory(number=f"Zebra{n}", customer=CustomerFactory(name=f"Zebra {n}"))
        ContactFactory(name=f"Zebra {n}")
    client.get("/search/", {"q": "zebra", "palette": "1"})
    # Who asks and what they may; then one for each kind of record.
    with django_assert_max_num_queries(4 + len(kinds())):
        client.get("/search/", {"q": "zebra", "palette": "1"})
