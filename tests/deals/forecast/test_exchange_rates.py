"""Writing and importing rates, and what they do to deals and orders."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.clock import today
from accounts.organisation import get_organisation
from accounts.services.settings import update_organisation
from core.changes import change_set
from core.exceptions import StaleRecord
from core.imports import services
from core.jobs import Running
from core.models import ChangeSet, ImportRun, Job
from core.undo import undo
from deals.models import Deal, ExchangeRate, Order
from deals.services import exchange_rates
from deals.services.exchange_rates import create_rate, follow_rates, stale_deals, trash_rate, update_rate
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.factories.deals import DealFactory, ExchangeRateFactory, OrderFactory
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def boss():
    return AdministratorFactory()


def amounts() -> dict[str, Decimal | None]:
    return dict(Deal.objects.values_list("name", "amount_base"))


def won(**values: object) -> Deal:
    return DealFactory(stage=stage(kind="won"), **values)


def test_a_rate_prices_open_deals_and_those_that_closed_without_one(boss, django_capture_on_commit_callbacks):
    DealFactory(name="euro")
    DealFactory(name="dollar", currency="USD")
    DealFactory(name="yuan", currency="CNY")
    won(name="won", currency="USD", closed_on=today() - 10 * DAY)
    won(name="too early", currency="USD", closed_on=today() - 40 * DAY)
    assert amounts() == {
        "euro": 1000, "dollar": None, "yuan": None, "won": None, "too early": None,
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        values = {"currency": "USD", "on": today() - 30 * DAY, "rate": Decimal("0.90")}
        create_rate(values=values, actor=boss)
    assert amounts() == {
        "euro": 1000, "dollar": 900, "yuan": None, "won": 900, "too early": None,
    }  # fmt: skip
    assert not stale_deals(today()).exists()


def test_closed_deals_keep_their_rate_and_open_ones_follow(boss, django_capture_on_commit_callbacks):
    rate = ExchangeRateFactory(on=today() - 30 * DAY, rate=Decimal("0.90"))
    DealFactory(name="open", currency="USD")
    won(name="won", currency="USD", closed_on=today())
    with django_capture_on_commit_callbacks(execute=True):
        corrected = update_rate(rate, values={"rate": Decimal("0.50")}, actor=boss)
    assert amounts() == {"open": 500, "won": 900}
    with django_capture_on_commit_callbacks(execute=True):
        undo(corrected, actor=boss)
    assert amounts() == {"open": 900, "won": 900}
    with django_capture_on_commit_callbacks(execute=True):
        trash_rate(rate, actor=boss)
    assert amounts() == {"open": None, "won": 900}


def test_a_new_base_currency_prices_everything_anew(boss, django_capture_on_commit_callbacks):
    ExchangeRateFactory(on=today() - 30 * DAY, rate=Decimal("0.90"))
    DealFactory(name="dollar", currency="USD")
    won(name="won", currency="USD")
    won(name="won in pounds", currency="GBP")
    won(name="euro")
    order = OrderFactory(currency="USD", total=Decimal("10.00"))
    assert Order.objects.get(pk=order.pk).total_base == Decimal("9.00")
    ExchangeRateFactory(base="USD", currency="EUR", on=today() - 30 * DAY, rate=Decimal("1.10"))
    with django_capture_on_commit_callbacks(execute=True):
        update_organisation(values={"base_currency": "USD"}, actor=boss)
    assert get_organisation().base_currency == "USD"
    assert amounts() == {"dollar": 1000, "won": 1000, "won in pounds": None, "euro": 1100}
    assert Order.objects.get(pk=order.pk).total_base == Decimal("10.00")


def test_settings_without_a_price_in_them_reprice_nothing(boss, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        update_organisation(values={"name": "Other"}, actor=boss)
    assert not Job.objects.filter(kind=exchange_rates.REPRICE).exists()


def test_the_night_lets_open_deals_follow_a_rate_that_begins_today(django_capture_on_commit_callbacks):
    ExchangeRateFactory(on=today() - 30 * DAY, rate=Decimal("0.90"))
    DealFactory(name="open", currency="USD")
    won(name="won", currency="USD")
    ExchangeRateFactory(on=today() + DAY, rate=Decimal("0.80"))
    assert follow_rates(today()) == 0
    ExchangeRate.objects.filter(on=today() + DAY).update(on=today())
    assert follow_rates(today()) == 1
    assert amounts() == {"open": 800, "won": 900}
    assert follow_rates(today()) == 0


def test_orders_are_priced_at_the_rate_of_the_day_in_the_time_zone_of_the_organisation(boss):
    update_organisation(values={"time_zone": "Asia/Shanghai"}, actor=boss)
    ExchangeRateFactory(on=date(2026, 3, 1), rate=Decimal("0.90"))
    ExchangeRateFactory(on=date(2026, 3, 2), rate=Decimal("0.80"))
    late = OrderFactory(
        currency="USD", total=Decimal("-10.00"), ordered_at=datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    )
    assert Order.objects.get(pk=late.pk).total_base == Decimal("-8.00")
    early = OrderFactory(currency="USD", ordered_at=datetime(2026, 2, 27, tzinfo=UTC))
    assert Order.objects.get(pk=early.pk).total_base is None


def test_a_rate_prices_the_orders_from_its_day_on(boss, django_capture_on_commit_callbacks):
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    before = OrderFactory(currency="USD", ordered_at=at - 5 * DAY)
    after = OrderFactory(currency="USD", ordered_at=at)
    with django_capture_on_commit_callbacks(execute=True):
        create_rate(values={"currency": "USD", "on": date(2026, 3, 1), "rate": Decimal("0.9")}, actor=boss)
    found = dict(Order.objects.values_list("pk", "total_base"))
    assert found == {before.pk: None, after.pk: Decimal("9.00")}


def test_a_killed_repricing_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(exchange_rates, "CHUNK", 1)
    deals = [DealFactory(currency="USD") for _ in range(3)]
    ExchangeRateFactory(on=today() - DAY)
    Deal.objects.filter(pk=deals[0].pk).update(amount_base=Decimal(1), fx_rate=Decimal(1))
    job = Job.objects.create(
        kind=exchange_rates.REPRICE, arguments={"since": {}}, state="running", cursor=[0, deals[0].pk, 1]
    )
    assert exchange_rates.reprice(Running(job)) == {"repriced": 3}
    assert list(Deal.objects.order_by("pk").values_list("amount_base", flat=True)) == [1, 900, 900]


def test_writing_a_rate_twice_or_on_an_old_version_is_refused(boss):
    rate = ExchangeRateFactory(on=today())
    values = {"currency": "USD", "on": today(), "rate": Decimal(1)}
    with pytest.raises(ValidationError, match="already a rate of this currency on this day"):
        create_rate(values=values, actor=boss)
    with pytest.raises(ValidationError, match="needs no rate to itself"):
        create_rate(values={**values, "currency": "EUR"}, actor=boss)
    with pytest.raises(StaleRecord):
        update_rate(rate, values={"rate": Decimal(2)}, actor=boss, expected_version=7)
    assert update_rate(rate, values={"rate": rate.rate}, actor=boss) is None


# Pages


def test_the_list_shows_rates_as_they_are_and_only_managers_write(client, boss):
    rate = ExchangeRateFactory(rate=Decimal("0.9012"))
    client.force_login(UserFactory())
    page = client.get(reverse("deals:exchangerate_list")).content.decode()
    assert "0.9012" in page
    assert "New rate" not in page
    assert client.get(reverse("deals:exchangerate_create")).status_code == 403
    assert client.get(reverse("deals:exchangerate_update", args=[rate.pk])).status_code == 403
    client.force_login(boss)
    page = client.get(reverse("deals:exchangerate_list")).content.decode()
    assert "New rate" in page
    assert "target=deals.exchangerate" in page


def test_the_list_finds_a_currency_and_a_source(client):
    ExchangeRateFactory(rate=Decimal("0.9012"))
    ExchangeRateFactory(currency="GBP", rate=Decimal("1.1834"), source="Central bank")
    client.force_login(UserFactory())
    url = reverse("deals:exchangerate_list")
    for text, found, left_out in (("us", "0.9012", "1.1834"), ("bank", "1.1834", "0.9012")):
        page = client.get(url, {"q": text}).content.decode()
        assert found in page
        assert left_out not in page


def test_add_edit_and_delete_by_the_pages(client, boss):
    client.force_login(boss)
    data = {"currency": "USD", "on": "2026-03-01", "rate": "0.9", "source": "ECB"}
    assert client.post(reverse("deals:exchangerate_create"), data).status_code == 302
    rate = ExchangeRate.objects.get()
    assert (rate.base, rate.rate, rate.source) == ("EUR", Decimal("0.9"), "ECB")
    again = client.post(reverse("deals:exchangerate_create"), data)
    assert again.status_code == 422
    assert "already a rate" in again.content.decode()
    url = reverse("deals:exchangerate_update", args=[rate.pk])
    assert client.post(url, {**data, "rate": "0.95", "version": rate.version}).status_code == 302
    stale = client.post(url, {**data, "rate": "0.99", "version": rate.version})
    assert stale.status_code == 409
    assert client.post(reverse("deals:exchangerate_delete", args=[rate.pk])).status_code == 302
    page = client.get(reverse("deals:exchangerate_list")).content.decode()
    assert "No exchange rates yet" in page
    assert "Undo" in page


# Import


def rates_of(content: str, actor, callbacks, **settings) -> tuple[dict, dict]:
    file = ContentFile(content.encode(), name="rates.csv")
    run = services.create_run(file=file, filename="rates.csv", actor=actor, target="deals.exchangerate")
    ImportRun.objects.filter(pk=run.pk).update(mapping={**run.mapping, **settings})
    run.refresh_from_db()
    with callbacks(execute=True):
        services.start_trial(run)
    run.refresh_from_db()
    with callbacks(execute=True):
        services.start_run(run)
    run.refresh_from_db()
    rows = ExchangeRate.objects.alive().order_by("on", "currency").values_list("currency", "on", "rate")
    assert run.counts["trial"]["rows"] == run.counts["run"]["rows"]
    return run.counts["run"]["rows"], {(currency, on.isoformat()): rate for currency, on, rate in rows}


CSV = """Currency,Date,Rate
USD,2026-01-01,0.90
USD,2026-01-01,0.91
usd,2026-02-01,0.92
EUR,2026-02-01,1
XXX,2026-02-01,1
GBP,2026-02-01,
GBP,2026-02-02,0
GBP,2026-02-03,1.15
"""


def test_the_import_takes_what_is_a_rate(boss, django_capture_on_commit_callbacks):
    DealFactory(name="pound", currency="GBP")
    counts, found = rates_of(CSV, boss, django_capture_on_commit_callbacks)
    assert counts == {"created": 3, "skipped": 1, "error": 4}
    assert found == {
        ("USD", "2026-01-01"): Decimal("0.90"), ("USD", "2026-02-01"): Decimal("0.92"),
        ("GBP", "2026-02-03"): Decimal("1.15"),
    }  # fmt: skip
    assert amounts() == {"pound": 1150}
    counts, again = rates_of(CSV, boss, django_capture_on_commit_callbacks)
    assert counts == {"skipped": 4, "error": 4}
    assert again == found


def test_the_import_corrects_rates_and_turns_those_per_unit_of_the_base_round(
    boss, django_capture_on_commit_callbacks
):
    ExchangeRateFactory(on=date(2026, 1, 1), rate=Decimal("0.90"))
    content = "Currency,Date,Units for one of the base currency\nUSD,2026-01-01,1.25\nUSD,2026-01-02,1.6\n"
    counts, found = rates_of(content, boss, django_capture_on_commit_callbacks, duplicates="update")
    assert counts == {"updated": 1, "created": 1}
    assert found == {("USD", "2026-01-01"): Decimal("0.8"), ("USD", "2026-01-02"): Decimal("0.625")}


def test_only_managers_import_rates():
    from core.exceptions import RuleViolation

    file = ContentFile(CSV.encode(), name="rates.csv")
    with pytest.raises(RuleViolation, match="may not add records of this kind"):
        services.create_run(file=file, filename="r.csv", actor=UserFactory(), target="deals.exchangerate")


def test_orders_of_an_import_are_priced_in_it(boss, django_capture_on_commit_callbacks):
    ExchangeRateFactory(on=date(2026, 1, 1), rate=Decimal("0.90"))
    content = (
        "order number,order date,currency,sku,quantity,unit price\n"
        "1,2026-03-01,USD,a,1,10\n2,2026-03-01,EUR,a,1,10\n3,2025-03-01,USD,a,1,10\n"
    )
    file = ContentFile(content.encode(), name="o.csv")
    run = services.create_run(file=file, filename="o.csv", actor=boss, target="deals.order")
    for start in (services.start_trial, services.start_run):
        with django_capture_on_commit_callbacks(execute=True):
            start(run)
        run.refresh_from_db()
    assert dict(Order.objects.values_list("number", "total_base")) == {"1": 9, "2": 10, "3": None}


def test_undoing_the_making_of_a_rate_prices_back(boss, django_capture_on_commit_callbacks):
    DealFactory(name="dollar", currency="USD")
    with django_capture_on_commit_callbacks(execute=True):
        rate = create_rate(values={"currency": "USD", "on": today(), "rate": Decimal("0.9")}, actor=boss)
    assert amounts() == {"dollar": 900}
    with django_capture_on_commit_callbacks(execute=True):
        undo(rate.origin, actor=boss)
    assert amounts() == {"dollar": None}
    with change_set(kind=ChangeSet.Kind.EDIT, actor=boss):
        assert ExchangeRate.objects.get().in_trash


def test_undoing_an_import_prices_back(boss, django_capture_on_commit_callbacks):
    DealFactory(name="pound", currency="GBP")
    rates_of(CSV, boss, django_capture_on_commit_callbacks)
    assert amounts() == {"pound": 1150}
    with django_capture_on_commit_callbacks(execute=True):
        services.start_undo(ImportRun.objects.get(), actor=boss)
    assert amounts() == {"pound": None}
