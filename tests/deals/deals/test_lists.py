"""The list of deals: columns, filters, sums, ready views, inline edit, bulk acts and export."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.clock import today
from accounts.models import Organisation
from accounts.organisation import forget_organisation
from core.lists import ListState, find
from core.models import ChangeSet
from deals.filters.deals import quarter
from deals.models import CloseDateChange, Deal, Stage
from deals.tables.deals import sum_in_base, sum_weighted
from deals.views.lists import DealList
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, SourceFactory, TagFactory
from tests.factories.deals import DealFactory, ExchangeRateFactory, LostReasonFactory, StageFactory
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db


def found(user, query):
    """Names of the deals a query of the list shows, in order."""
    state = ListState(find("deals"), user, QueryDict(query))
    state.queryset  # noqa: B018  what is not understood is noted when the rows are asked for
    assert state.notices == []
    pks = state.ordered.at(0, 100).pks
    names = dict(Deal.objects.filter(pk__in=pks).values_list("pk", "name"))
    return [names[pk] for pk in pks]


def make(user, name, **more):
    return DealFactory(name=name, owner=user, team=user.team, **more)


def test_every_filter_narrows_to_what_it_says(user):
    soon, late = today() + timedelta(days=3), today() - timedelta(days=3)
    source, tag, customer = SourceFactory(), TagFactory(), CustomerFactory(owner=user, team=user.team)
    reason = LostReasonFactory()
    finer = LostReasonFactory(parent=reason)
    make(user, "soon", expected_close_on=soon, source=source, amount=Decimal(10))
    make(user, "late", expected_close_on=late, tags=[tag], amount=Decimal(5000))
    make(user, "of customer", customer=customer, currency="CHF")
    make(user, "lost", stage=stage(kind="lost"), lost_reason=finer, closed_on=late)
    rotten = make(user, "rotten", stage=StageFactory(rotting_days=2, name="Old one"))
    Deal.objects.filter(pk=rotten.pk).update(rots_on=today(), next_step_on=soon)
    assert found(user, "close=overdue") == ["late"]
    assert found(user, "close=next_7") == ["soon"]
    assert found(user, f"source={source.pk}") == ["soon"]
    assert found(user, f"tags={tag.pk}") == ["late"]
    assert found(user, f"customer={customer.pk}") == ["of customer"]
    assert found(user, "no_rate=true") == ["of customer"]
    assert found(user, "status=lost") == ["lost"]
    assert found(user, f"lost_reason={reason.pk}") == ["lost"]
    assert found(user, "rotting=true") == ["rotten"]
    assert found(user, "no_step=false") == ["rotten"]
    assert found(user, "no_step=true&close=overdue") == ["late"]
    assert found(user, "waiting=on&rotting=true") == ["rotten"]
    assert found(user, f"stage={rotten.stage_id}") == ["rotten"]
    assert found(user, f"pipeline={rotten.pipeline_id}") == ["rotten"]
    assert found(user, "amount_min=1000.01") == ["late"]
    assert found(user, "mine=on&q=of cust") == ["of customer"]


def test_a_quarter_follows_the_fiscal_year(user):
    start, end = quarter(today().replace(month=5, day=10))
    assert (start.month, start.day, end.month) == (4, 1, 7)
    Organisation.objects.update_or_create(pk=1, defaults={"fiscal_year_start": 2})
    forget_organisation()
    start, end = quarter(today().replace(month=5, day=10), -1)
    assert (start.month, end.month) == (2, 5)
    day = quarter(today())[0]
    make(user, "this", stage=stage(kind="won"), closed_on=day)
    make(user, "before", stage=stage(kind="won"), closed_on=day - timedelta(days=1))
    assert found(user, "closed=this_quarter") == ["this"]
    assert found(user, "closed=last_quarter") == ["before"]


def test_every_ready_view_is_understood(user):
    for _name, query in DealList.ready_views:
        assert found(user, query) == []


def test_the_ready_view_that_is_open_gives_the_list_its_name(client):
    html = client.get(f"{reverse('deals:deal_list')}?{DealList.ready_views[1][1]}").content.decode()
    assert '<span class="truncate">Closing this month</span>' in html


def test_every_order_is_walked_to_the_end(user):
    for n in range(4):
        make(user, f"d{n}", amount=n or None, expected_close_on=today() if n % 2 else None)
    table = find("deals").table
    for key in table.sorts(table.available(user)):
        for sign in ("", "-"):
            state = ListState(find("deals"), user, QueryDict(f"sort={sign}{key}"))
            seen, cut = [], state.ordered.at(0, 1)
            while cut and cut.pks:
                seen += cut.pks
                cut = state.ordered.after(cut.last, 1)
            assert len(seen) == len(set(seen)) == 4, key


def test_sums_are_in_the_base_currency_and_say_what_they_leave_out(user):
    ExchangeRateFactory(currency="USD", on=today() - timedelta(days=9), rate=Decimal("0.5"))
    make(user, "euro", amount=Decimal("100.10"), probability=40, probability_overridden=True)
    make(user, "dollar", amount=Decimal("10.01"), currency="USD", probability=10, probability_overridden=True)
    make(user, "franc", amount=Decimal(7), currency="CHF")
    make(user, "empty", amount=None)
    rows = Deal.objects.visible_to(user)
    # 10.01 × 0.5 = 5.005, rounded half up to 5.01; 40.04 + 0.501 = 40.541
    assert sum_in_base(rows) == "€105.11 · 1 deal without a rate is not in the sum"
    assert sum_weighted(rows) == "€40.54 · 1 deal without a rate is not in the sum"
    assert sum_in_base(rows.filter(name="empty")) == ""


def test_the_foot_adds_up_all_results(client, user):
    make(user, "euro", amount=Decimal(100))
    make(user, "franc", amount=Decimal(7), currency="CHF")
    address = f"{reverse('deals:deal_list')}?columns=name,amount,amount_base&totals=1"
    html = client.get(address).content.decode()
    assert "1 deal without a rate is not in the sum" in html
    assert "€100" in html
    assert "CHF" in html


def test_a_cell_is_edited_in_place(client, deal):
    url = reverse("deals:deal_cell", args=[deal.pk, "expected_close_on"])
    assert 'name="expected_close_on"' in client.get(url).content.decode()
    day = today() + timedelta(days=8)
    answer = client.post(url, {"expected_close_on": day.isoformat(), "version": deal.version}).json()
    deal.refresh_from_db()
    assert (deal.expected_close_on, answer["version"]) == (day, deal.version)
    stale = client.post(url, {"expected_close_on": "", "version": deal.version - 1})
    assert stale.status_code == 409
    assert CloseDateChange.objects.get(deal=deal).to_date == day


def test_an_amount_is_edited_with_its_currency(client, deal):
    url = reverse("deals:deal_cell", args=[deal.pk, "amount"])
    client.post(url, {"amount": "7.5", "currency": "USD", "version": deal.version})
    deal.refresh_from_db()
    assert (deal.amount, deal.currency, deal.amount_base) == (Decimal("7.50"), "USD", None)


def bulk(client, deals, act, **data):
    selected = [deal.pk for deal in deals]
    return client.post(
        reverse("deals:deal_bulk"), {"action": act, "selected": selected, "confirm": "1", **data}, follow=True
    )


def undo_last(client, user):
    client.post(reverse("core:change_set_undo", args=[ChangeSet.objects.filter(actor=user).latest("pk").pk]))


def test_bulk_edit_sets_fields_tells_slips_and_can_be_undone(client, user):
    day = today() + timedelta(days=30)
    deals = [make(user, f"d{n}", expected_close_on=today()) for n in range(3)]
    bulk(
        client, deals, "edit", expected_close_on=day.isoformat(), campaign="Fair", forecast_category="commit"
    )
    changed = Deal.objects.values_list("expected_close_on", "campaign", "forecast_category")
    assert set(changed) == {(day, "Fair", "commit")}
    assert CloseDateChange.objects.count() == 3
    undo_last(client, user)
    assert set(Deal.objects.values_list("expected_close_on", "campaign")) == {(today(), "")}
    assert not CloseDateChange.objects.exists()


def test_bulk_assign_tag_and_delete(client, user):
    deals = [make(user, f"d{n}") for n in range(2)]
    heir, tag = UserFactory(team=TeamFactory()), TagFactory()
    bulk(client, deals, "tag", add=[tag.pk])
    assert all(list(deal.tags.all()) == [tag] for deal in deals)
    bulk(client, deals[:1], "trash")
    assert Deal.objects.alive().count() == 1
    bulk(client, deals[1:], "assign", owner=heir.pk)
    deals[1].refresh_from_db()
    assert (deals[1].owner, deals[1].team) == (heir, heir.team)


def test_a_bulk_move_leaves_those_that_lack_what_the_stage_asks_for_and_says_so(client, user):
    target = StageFactory(pipeline=stage().pipeline, required_fields=["amount"])
    ready, lacking = make(user, "ready"), make(user, "lacking", amount=None)
    response = bulk(client, [ready, lacking], "stage", stage=target.pk)
    ready.refresh_from_db()
    lacking.refresh_from_db()
    assert (ready.stage, lacking.stage) == (target, stage())
    assert "1 deal stayed where it is" in response.content.decode()
    undo_last(client, user)
    ready.refresh_from_db()
    assert (ready.stage, ready.stage_changes.count()) == (stage(), 0)


def test_a_bulk_move_to_lost_asks_for_the_reason(client, user):
    deals = [make(user, "d")]
    response = bulk(client, deals, "stage", stage=stage(kind="lost").pk)
    assert "Say why, please" in response.content.decode()
    bulk(client, deals, "stage", stage=stage(kind="lost").pk, lost_reason=LostReasonFactory().pk)
    deals[0].refresh_from_db()
    assert deals[0].status == "lost"


def test_a_large_bulk_move_runs_in_the_background_and_is_one_undo(
    client, user, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("deals.services.bulk.AT_ONCE", 2)
    monkeypatch.setattr("deals.services.bulk.STEP", 2)
    target = StageFactory(pipeline=stage().pipeline)
    deals = [make(user, f"d{n}") for n in range(5)]
    with django_capture_on_commit_callbacks(execute=True):
        bulk(client, deals, "stage", stage=target.pk)
        assert Deal.objects.filter(stage=target).count() == 0
    assert Deal.objects.filter(stage=target).count() == 5
    undo_last(client, user)
    assert Deal.objects.filter(stage=target).count() == 0


def test_only_deals_one_may_edit_are_changed(client, user):
    mine = make(user, "mine")
    theirs = DealFactory(owner=UserFactory(team=user.team), team=user.team)
    bulk(client, [mine, theirs], "edit", campaign="Fair")
    assert set(Deal.objects.filter(campaign="Fair")) == {mine}


def test_the_export_holds_every_field(client, user):
    make(user, "Boiler", stage=Stage.objects.get(pk=stage().pk))
    response = client.get(f"{reverse('deals:deal_export')}?format=csv&fields=all")
    head, row = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()[:2]
    assert "forecast_category" in head
    assert "Boiler" in row
    assert stage().name in row


def test_the_filters_offer_industries_also_where_deals_have_no_customer(client, user):
    make(user, "of nobody", customer=None)
    make(user, "of somebody", customer=CustomerFactory(owner=user, industry="Optics"))
    response = client.get("/deals/?part=filters")
    assert response.status_code == 200
    assert "Optics" in response.content.decode()
