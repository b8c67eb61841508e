"""No English is left on a Chinese page: every page without a number in its address is read."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories.accounts import AdministratorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: Names, formats, codes and keys.
LATIN = {
    "Guanxi",
    "English",
    "CSV",
    "XLSX",
    "Excel",
    "vCard",
    "JavaScript",
    "UTC",
    "CN",
    "DE",
    "Esc",
    "IP",
    "Outlook",
    "MB",
    "EUR",
    "PNG",
    "JPEG",
    "SHA",
    "Kaplan",
    "Meier",
}
SILENT = {"script", "style", "kbd", "code", "svg"}
#: Long lists of names and codes of the world.
LISTS = {"time_zone", "base_currency", "currency", "cost_currency"}
READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "data-label")


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every address without a part to fill in."""
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            if "<" not in route and not re.search(r"[\\^$]", route):
                yield f"/{route}"
        elif one.namespace not in {"admin", "djdt", "styleguide"}:
            yield from addresses(one, route)


PAGES = sorted({path for path in addresses(get_resolver()) if "logout" not in path})


class Reader(HTMLParser):
    """What a page says to eyes and ears, without the choices of long lists of names."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in SILENT or (tag == "select" and values.get("name") in LISTS):
            self.inside.append(tag)
        self.said += [value for name in READ_ALOUD if (value := values.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.said.append(data)


def english(page: str) -> list[str]:
    """The texts with a Latin word that Chinese readers would not write so."""
    reader = Reader()
    reader.feed(page)
    found = []
    for said in reader.said:
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\S+@\S+|https?://\S+|\.\w+", " ", said))
        if any(word not in LATIN for word in words):
            found.append(" ".join(said.split()))
    return found


def test_no_english_is_left_on_pages() -> None:
    client = Client()
    client.force_login(AdministratorFactory(name="王明", email="wang@example.com", language="zh-hans"))
    found, read = {}, 0
    for path in PAGES:
        response = client.get(path)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            read += 1
            if left := english(response.content.decode()):
                found[path] = left
    assert found == {}
    assert read > 30, "most pages answer an administrator"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"])
def test_no_english_is_left_before_signing_in(path: str) -> None:
    AdministratorFactory()
    response = Client(headers={"accept-language": "zh-CN,zh;q=0.9"}).get(path)
    assert response.status_code == 200
    assert english(response.content.decode()) == []


def test_english_would_be_found() -> None:
    assert english('<p title="客户">客户 <b>Dashboard</b></p><script>let x = "Dashboard"</script>') == [
        "Dashboard"
    ]
    page = '<input placeholder="Search customers"><select name="time_zone"><option>Berlin</select>'
    assert english(page) == ["Search customers"]
