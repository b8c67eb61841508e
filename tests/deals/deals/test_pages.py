"""The record page of a deal: making, editing, moving, winning and losing it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.clock import today
from core.models import ChangeSet, CustomField
from deals.models import Deal, DealFavourite, Stage
from deals.services.deals import update_deal
from deals.services.stages import move_deal
from tests.factories.accounts import UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import DealFactory, LostReasonFactory, StageFactory
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, deal, *more):
    return reverse(f"deals:{name}", args=[deal.pk, *more])


def text(response):
    return response.content.decode()


# Making


def test_a_deal_is_made_from_a_customer_with_what_the_page_filled_in(client, user, customer):
    form = client.get(f"{reverse('deals:deal_create')}?customer={customer.pk}")
    assert f'<option value="{customer.pk}" selected' in text(form)
    data = {"name": "Two boilers", "customer": customer.pk, "amount": "1200.50", "owner": user.pk,
            "kind": "new", "stage": stage().pk, "tag_list": "Heat, urgent"}  # fmt: skip
    response = client.post(reverse("deals:deal_create"), data)
    deal = Deal.objects.get()
    assert response["Location"] == deal.get_absolute_url()
    assert (deal.amount, deal.currency, deal.owner, deal.status) == (Decimal("1200.50"), "EUR", user, "open")
    assert sorted(tag.name for tag in deal.tags.all()) == ["Heat", "urgent"]
    customer.refresh_from_db()
    assert customer.stage.kind == "opportunity"


def test_what_the_first_stage_asks_for_is_asked_beside_its_field(client):
    first = stage()
    first.required_fields = ["customer"]
    first.save()
    response = client.post(
        reverse("deals:deal_create"), {"name": "Nobody's", "kind": "new", "stage": first.pk}
    )
    assert response.status_code == 422
    assert "needs first: Customer." in text(response)
    assert not Deal.objects.exists()


def test_the_quick_dialog_asks_for_a_few_fields(client, customer):
    address = f"{reverse('deals:deal_create')}?dialog=1"
    assert "Description" not in text(client.get(address))
    client.post(address, {"name": "Quick", "customer": customer.pk, "amount": "5"})
    assert Deal.objects.get().name == "Quick"


# The page


def test_the_page_tells_stage_path_highlights_and_facts(client, deal):
    html = text(client.get(deal.get_absolute_url()))
    for stage_ in Stage.objects.filter(pipeline=deal.pipeline):
        assert stage_.name in html
    assert deal.stage.guidance in html.replace("&#x27;", "'")
    assert "€1,000" in html
    assert html.count('<div class="stat">') == 5
    assert "nothing is planned" in html
    assert "Acme" in html


def test_somebody_who_may_not_see_the_customer_is_not_told_its_name(client, user):
    deal = DealFactory(owner=user, team=user.team, customer=CustomerFactory(name="Hidden Ltd"))
    assert "Hidden Ltd" not in text(client.get(deal.get_absolute_url()))
    assert "Hidden Ltd" not in text(client.get(reverse("deals:deal_list")))


def test_the_insight_tells_what_is_usual_once_there_are_enough_moves(client, deal):
    before = Stage.objects.filter(pipeline=deal.pipeline).order_by("position")[1]
    for days in (2, 4, 9):
        other = DealFactory(stage=deal.stage)
        Deal.objects.filter(pk=other.pk).update(stage_since=other.stage_since - timedelta(days=days))
        other.refresh_from_db()
        move_deal(other, stage=StageFactory(pipeline=before.pipeline), actor=None)
    assert "usually 4 (median of 3 moves)" in text(client.get(url("deal_card", deal, "insights")))


def test_a_star_is_for_oneself(client, user, deal):
    client.post(url("deal_star", deal), {"starred": "1"})
    assert DealFavourite.objects.get().user == user
    client.post(url("deal_star", deal), {"starred": "0"})
    assert not DealFavourite.objects.exists()


# Editing


def test_a_group_is_edited_in_place_and_leaves_the_rest_alone(client, deal):
    address = url("deal_group", deal, "notes")
    assert "Description" in text(client.get(address, **HTMX))
    response = client.post(address, {"description": "Wants it warm", "version": deal.version}, **HTMX)
    assert "Wants it warm" in text(response)
    deal.refresh_from_db()
    assert (deal.description, deal.name) == ("Wants it warm", "Boiler")


def test_an_own_probability_is_kept_and_the_stages_one_follows_again(client, deal):
    address = url("deal_group", deal, "forecast")
    data = {"expected_close_on": "", "forecast_category": deal.forecast_category}
    client.post(address, {**data, "probability": "63", "version": deal.version})
    deal.refresh_from_db()
    assert (deal.probability, deal.probability_overridden) == (63, True)
    assert "63 (own)" in text(client.get(deal.get_absolute_url()))
    client.post(address, {**data, "probability": str(deal.stage.probability), "version": deal.version})
    deal.refresh_from_db()
    assert (deal.probability, deal.probability_overridden) == (deal.stage.probability, False)


def test_two_people_who_edit_one_deal_see_theirs_yours_and_the_original(client, deal):
    opened = deal.version
    update_deal(deal=deal, data={"name": "Theirs"}, actor=UserFactory(name="Olga Other"))
    data = {"name": "Mine", "kind": deal.kind, "opened_on": deal.opened_on, "customer": deal.customer_id,
            "version": opened}  # fmt: skip
    response = client.post(url("deal_group", deal, "main"), data)
    html = text(response)
    assert response.status_code == 409
    assert all(word in html for word in ("Theirs", "Mine", "Boiler", "Olga Other"))
    deal.refresh_from_db()
    assert deal.name == "Theirs"


def test_a_closed_deal_shows_its_outcome_and_takes_a_new_closing_day(client, user, deal):
    Stage.objects.filter(kind="won").update(required_fields=[])
    move_deal(deal, stage=stage(kind="won"), actor=user)
    address = url("deal_group", deal, "outcome")
    assert "Probability" not in text(client.get(address))
    day = today() - timedelta(days=3)
    client.post(address, {"closed_on": day.isoformat(), "version": deal.version})
    deal.refresh_from_db()
    assert deal.closed_on == day
    late = client.post(
        address, {"closed_on": (today() + timedelta(days=1)).isoformat(), "version": deal.version}
    )
    assert late.status_code == 422


def test_custom_fields_are_asked_kept_and_shown(client, deal):
    CustomField.objects.create(model="deals.deal", key="roof", label="Roof area", kind="number")
    client.post(url("deal_group", deal, "custom"), {"custom__roof": "120", "version": deal.version})
    deal.refresh_from_db()
    assert deal.custom == {"roof": 120}
    assert "Roof area" in text(client.get(deal.get_absolute_url()))
    listed = client.get(f"{reverse('deals:deal_list')}?columns=name,custom.roof&custom.roof=120")
    assert "Boiler" in text(listed)


def test_tags_are_words_with_commas_and_their_change_can_be_undone(client, user, deal):
    client.post(url("deal_tags", deal), {"tags": "Heat, Big", "version": deal.version})
    assert sorted(tag.name for tag in deal.tags.all()) == ["Big", "Heat"]
    client.post(reverse("core:change_set_undo", args=[ChangeSet.objects.filter(actor=user).latest("pk").pk]))
    assert not deal.tags.exists()


# Moving


def test_the_stage_path_moves_and_offers_undo(client, user, deal):
    target = Stage.objects.filter(pipeline=deal.pipeline, kind="open").order_by("position")[1]
    target.required_fields = []
    target.save()
    response = client.post(
        url("deal_stage", deal), {"stage": target.pk, "version": deal.version}, follow=True
    )
    deal.refresh_from_db()
    assert deal.stage == target
    assert "/undo/" in text(response)


def test_the_second_of_two_who_move_is_told_who_was_faster_and_may_move_all_the_same(client, deal):
    opened = deal.version
    first, second = StageFactory(pipeline=deal.pipeline), StageFactory(pipeline=deal.pipeline)
    move_deal(deal, stage=first, actor=UserFactory(name="Olga Other"))
    response = client.post(url("deal_stage", deal), {"stage": second.pk, "version": opened})
    html = text(response)
    assert response.status_code == 409
    assert "Olga Other changed Boiler" in html
    assert first.name in html
    deal.refresh_from_db()
    assert deal.stage == first
    client.post(url("deal_stage", deal), {"stage": second.pk, "version": deal.version})
    deal.refresh_from_db()
    assert (deal.stage, deal.stage_changes.count()) == (second, 2)


def test_a_stage_that_needs_fields_asks_for_just_those(client, deal):
    target = StageFactory(pipeline=deal.pipeline, required_fields=["expected_close_on", "amount"])
    asked = client.post(url("deal_stage", deal), {"stage": target.pk, "version": deal.version})
    assert 'name="expected_close_on"' in text(asked)
    assert 'name="amount"' not in text(asked)  # it is filled in already
    data = {"stage": target.pk, "version": deal.version, "asked": "1"}
    refused = client.post(url("deal_stage", deal), data)
    assert refused.status_code == 422
    deal.refresh_from_db()
    assert deal.stage != target
    client.post(url("deal_stage", deal), {**data, "expected_close_on": today().isoformat()})
    deal.refresh_from_db()
    assert (deal.stage, deal.expected_close_on) == (target, today())


def test_losing_asks_why_and_reopening_leads_back(client, deal):
    lost, began = stage(kind="lost"), deal.stage
    reason = LostReasonFactory(requires_note=True)
    assert "Why was it lost?" in text(client.get(f"{url('deal_stage', deal)}?stage={lost.pk}"))
    data = {"stage": lost.pk, "version": deal.version, "asked": "1", "closed_on": today().isoformat()}
    assert client.post(url("deal_stage", deal), data).status_code == 422
    refused = client.post(url("deal_stage", deal), {**data, "lost_reason": reason.pk})
    assert "This reason needs a note" in text(refused)
    client.post(url("deal_stage", deal), {**data, "lost_reason": reason.pk, "lost_note": "Too late"})
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.lost_note) == ("lost", reason, "Too late")
    assert "Reopen" in text(client.get(deal.get_absolute_url()))
    client.post(url("deal_reopen", deal))
    deal.refresh_from_db()
    assert (deal.status, deal.stage) == ("open", began)


def test_a_stage_of_another_pipeline_is_no_place_on_this_path(client, deal):
    assert client.post(url("deal_stage", deal), {"stage": StageFactory().pk}).status_code == 404


# Trash, history, search


def test_a_deal_goes_to_the_trash_and_undo_brings_it_back(client, user, deal):
    response = client.post(url("deal_delete", deal), follow=True)
    assert "Boiler was moved to the trash." in text(response)
    assert "Boiler" in text(client.get(f"{reverse('core:trash_list')}?kind=deals"))
    client.post(reverse("core:change_set_undo", args=[ChangeSet.objects.filter(actor=user).latest("pk").pk]))
    assert Deal.objects.alive().get() == deal


def test_the_history_tells_who_changed_what(client, user, deal):
    update_deal(deal=deal, data={"amount": Decimal(2000)}, actor=user)
    html = text(client.get(url("deal_history", deal)))
    assert "Sam Seller" in html
    assert "2,000" in html


def test_search_and_the_palette_find_deals_by_name_and_customer(client, deal):
    assert "Boiler" in text(client.get("/search/?q=acme boil"))
    assert deal.get_absolute_url() in text(client.get("/search/?q=boiler&palette=1"))


def test_the_customer_page_lists_open_deals_first_and_says_what_the_sum_leaves_out(
    client, user, customer, deal
):
    DealFactory(name="Old", customer=customer, owner=user, team=user.team, stage=stage(kind="won"), amount=50)
    DealFactory(name="Foreign", customer=customer, owner=user, team=user.team, currency="CHF", amount=9)
    html = text(client.get(reverse("deals:customer_deals", args=[customer.pk])))
    assert html.index("Boiler") < html.index("Old")
    assert "3 deals" in html
    assert "Open: €1,000" in html
    assert "Won: €50" in html
    assert "1 deal without a rate is not in the sum" in html
