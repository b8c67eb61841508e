"""Setting up pipelines, stages and lost reasons."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from accounts.constants import Role
from core.exceptions import RuleViolation
from core.jobs import Running
from core.models import Job
from core.undo import undo
from deals.constants import StageKind
from deals.models import Deal, DealStageChange, LostReason, Pipeline, Stage
from deals.pipelines_catalogue import LOST_REASONS, READY
from deals.services import pipelines as services
from deals.services import stage_removal
from deals.services.required import REQUIRABLE
from tests.factories.accounts import UserFactory
from tests.factories.deals import DealFactory, LostReasonFactory, PipelineFactory, StageFactory
from tests.factories.deals.pipelines import default_pipeline, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Any) -> Any:
    user = UserFactory(role=Role.MANAGER)
    client.force_login(user)
    return user


def test_a_new_installation_has_a_pipeline_and_reasons() -> None:
    names = list(default_pipeline().stages.order_by("position").values_list("name", flat=True))
    assert names == ["Lead-in", "Qualified", "Needs analysed", "Proposal", "Negotiation", "Won", "Lost"]
    top = LostReason.objects.filter(parent=None).order_by("position").values_list("name", flat=True)
    assert list(top) == [name for name, _children in LOST_REASONS]
    assert [reason.name for reason in LostReason.objects.filter(requires_note=True)] == ["Other"]


@pytest.mark.parametrize("ready", READY, ids=lambda ready: ready.key)
def test_every_ready_made_pipeline_is_whole(ready: Any, client: Any, manager: Any) -> None:
    Pipeline.objects.filter(name=ready.name).delete()
    answer = client.post("/pipelines/ready/", {"key": ready.key})
    pipeline = Pipeline.objects.get(name=ready.name)
    assert answer.url == pipeline.get_absolute_url()
    stages = list(pipeline.stages.order_by("position"))
    assert {row.kind for row in stages} == set(StageKind.values)
    chances = [row.probability for row in stages if row.is_open]
    assert chances == sorted(chances)
    assert {name for row in stages for name in row.required_fields} <= set(REQUIRABLE)


def test_a_pipeline_can_be_added_from_the_catalogue_once(client: Any, manager: Any) -> None:
    client.post("/pipelines/ready/", {"key": "saas"})
    assert "saas" not in [key for key, *_rest in client.get("/pipelines/").context["ready"]]
    with pytest.raises(RuleViolation):
        services.add_ready_made("nonsense", actor=manager)


def test_a_pipeline_from_nothing_can_take_a_deal_at_once(client: Any, manager: Any) -> None:
    client.post("/pipelines/new/", {"name": "Own", "description": "Ours"})
    pipeline = Pipeline.objects.get(name="Own")
    assert [row.kind for row in pipeline.stages.order_by("position")] == ["open", "won", "lost"]
    again = client.post("/pipelines/new/", {"name": "Own"})
    assert again.status_code == 422
    assert "There is already a pipeline with this name." in again.content.decode()


def test_a_new_stage_stands_before_the_closing_ones(client: Any, manager: Any) -> None:
    pipeline = default_pipeline()
    data = {"name": "Legal", "kind": "open", "probability": 90, "forecast_category": "commit", "colour": 2}
    client.post(f"/pipelines/{pipeline.pk}/stages/new/", data)
    names = list(pipeline.stages.order_by("position").values_list("name", flat=True))
    assert names[-3:] == ["Legal", "Won", "Lost"]


def test_a_won_stage_is_100_percent_whatever_was_typed(client: Any, manager: Any) -> None:
    pipeline = default_pipeline()
    data = {"name": "Paid", "kind": "won", "probability": 7, "rotting_days": 3, "colour": 2}
    client.post(f"/pipelines/{pipeline.pk}/stages/new/", data)
    made = Stage.objects.get(name="Paid")
    assert (made.probability, made.forecast_category, made.rotting_days) == (100, "closed", None)


def test_deals_follow_a_new_probability_unless_theirs_is_their_own(client: Any, manager: Any) -> None:
    qualified = stage("Qualified")
    follows = DealFactory(stage=qualified)
    own = DealFactory(stage=qualified, probability=77, probability_overridden=True)
    data = {
        "name": "Qualified", "kind": "open", "probability": 35, "forecast_category": "pipeline", "colour": 1,
        "guidance": "", "version": qualified.version,
    }  # fmt: skip
    assert client.post(f"/stages/{qualified.pk}/edit/", data).status_code == 302
    assert [Deal.objects.get(pk=deal.pk).probability for deal in (follows, own)] == [35, 77]


def test_a_stale_stage_form_changes_nothing(client: Any, manager: Any) -> None:
    qualified = stage("Qualified")
    services.update_stage(qualified, values={"probability": 30}, actor=manager)
    data = {"name": "Mine", "kind": "open", "probability": 35, "forecast_category": "pipeline", "colour": 1}
    assert client.post(f"/stages/{qualified.pk}/edit/", {**data, "version": 1}).status_code == 409
    assert Stage.objects.get(pk=qualified.pk).name == "Qualified"


def test_the_kind_of_a_stage_with_deals_stays(manager: Any) -> None:
    DealFactory(stage=stage("Proposal"))
    with pytest.raises(RuleViolation):
        services.update_stage(stage("Proposal"), values={"kind": "won"}, actor=manager)


def test_stages_pipelines_and_reasons_change_places(client: Any, manager: Any) -> None:
    client.post(f"/stages/{stage('Qualified').pk}/shift/", {"act": "up"})
    names = list(default_pipeline().stages.order_by("position").values_list("name", flat=True))
    assert names[:2] == ["Qualified", "Lead-in"]
    second = PipelineFactory(name="Second")
    client.post(f"/pipelines/{second.pk}/act/", {"act": "up"})
    assert [row.name for row in Pipeline.objects.order_by("position")] == ["Second", "B2B sales"]
    budget = LostReason.objects.get(name="Budget")
    client.post(f"/lost-reasons/{budget.pk}/shift/", {"act": "down"})
    top = LostReason.objects.filter(parent=None).order_by("position").values_list("name", flat=True)
    assert list(top)[:4] == ["Price", "Competitor", "Missing feature", "Budget"]


def test_the_default_pipeline_is_one_and_stays_in_use(client: Any, manager: Any) -> None:
    first, second = default_pipeline(), PipelineFactory()
    assert client.post(f"/pipelines/{first.pk}/act/", {"act": "archive"}).status_code == 422
    assert client.post(f"/pipelines/{first.pk}/delete/").status_code == 422
    client.post(f"/pipelines/{second.pk}/act/", {"act": "default"})
    assert default_pipeline() == second
    client.post(f"/pipelines/{first.pk}/act/", {"act": "archive"})
    assert not Pipeline.objects.get(pk=first.pk).is_active


def test_a_pipeline_with_deals_is_archived_not_deleted(client: Any, manager: Any) -> None:
    pipeline = StageFactory().pipeline
    DealFactory(stage=pipeline.stages.get())
    assert client.post(f"/pipelines/{pipeline.pk}/delete/").status_code == 422
    Deal.objects.all().delete()
    assert client.post(f"/pipelines/{pipeline.pk}/delete/").status_code == 302
    assert Pipeline.objects.get(pk=pipeline.pk).in_trash


def test_a_removed_stage_moves_its_deals_with_the_reason_and_comes_back(client: Any, manager: Any) -> None:
    proposal, negotiation = stage("Proposal"), stage("Negotiation")
    deal = DealFactory(stage=proposal, amount=None)
    binned = DealFactory(stage=proposal)
    binned.deleted_at = binned.created_at
    binned.save()
    url = f"/stages/{proposal.pk}/remove/"
    assert client.post(url, {"target": stage("Won").pk, "reason": "x"}).status_code == 422
    assert client.post(url, {"target": negotiation.pk, "reason": " "}).status_code == 422
    client.post(url, {"target": negotiation.pk, "reason": "One step less"})
    deal.refresh_from_db()
    assert (deal.stage, deal.probability, Stage.objects.get(pk=proposal.pk).in_trash) == (
        negotiation,
        80,
        True,
    )
    move = DealStageChange.objects.get(deal=deal)
    assert (move.from_stage, move.to_stage, move.reason, move.by) == (
        proposal,
        negotiation,
        "One step less",
        manager,
    )
    assert Deal._base_manager.get(pk=binned.pk).stage == negotiation
    undo(move.origin, actor=manager)
    assert Deal.objects.get(pk=deal.pk).stage == proposal
    assert not Stage.objects.get(pk=proposal.pk).in_trash
    assert not DealStageChange.objects.exists()


def test_the_last_stage_of_a_kind_stays(manager: Any) -> None:
    other = StageFactory(kind=StageKind.WON)
    with pytest.raises(RuleViolation):
        stage_removal.remove_stage(stage("Won"), target=other, reason="Enough", actor=manager)


def test_many_deals_move_in_the_background_and_a_killed_worker_loses_none(
    client: Any, manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_removal, "AT_ONCE", 2)
    monkeypatch.setattr(stage_removal, "STEP", 2)
    proposal, negotiation = stage("Proposal"), stage("Negotiation")
    deals = DealFactory.create_batch(5, stage=proposal)
    job = stage_removal.remove_stage(proposal, target=negotiation, reason="Shorter", actor=manager)
    assert isinstance(job, Job)

    class Killed(Exception):
        pass

    steps = []

    class Dying(Running):
        def step(self, **values: Any) -> None:
            super().step(**values)
            steps.append(values)
            if len(steps) == 2:
                raise Killed

    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    job.refresh_from_db()
    with pytest.raises(Killed):
        stage_removal.run_remove_stage(Dying(job))
    assert Deal.objects.filter(stage=negotiation).count() == 2, "the step the worker died in is not half done"
    job.refresh_from_db()
    result = stage_removal.run_remove_stage(Running(job))
    assert result["deals"] == 5
    assert set(Deal.objects.filter(stage=negotiation)) == set(deals)
    assert DealStageChange.objects.count() == 5
    assert Stage.objects.get(pk=proposal.pk).in_trash


def test_reasons_have_two_levels(client: Any, manager: Any) -> None:
    price, budget = LostReason.objects.get(name="Price"), LostReason.objects.get(name="Budget")
    client.post("/lost-reasons/new/", {"name": "No discount left", "parent": price.pk})
    assert LostReason.objects.get(name="No discount left").parent == price
    with pytest.raises(RuleViolation):
        services.update_lost_reason(price, values={"parent": budget}, actor=manager)
    services.trash_lost_reason(price, actor=manager)
    assert not LostReason.objects.alive().filter(parent=price).exists()


def test_a_reason_in_use_stays_with_the_deals_lost_for_it(client: Any, manager: Any) -> None:
    reason = LostReasonFactory()
    deal = DealFactory(stage=stage("Lost"), lost_reason=reason)
    client.post(f"/lost-reasons/{reason.pk}/delete/")
    deal.refresh_from_db()
    assert deal.lost_reason == reason


def test_ready_made_names_read_in_chinese_and_are_kept_in_english(client: Any, manager: Any) -> None:
    qualified = stage("Qualified")
    data = {
        "kind": "open", "probability": 25, "forecast_category": "pipeline", "colour": 1, "rotting_days": 21,
        "required_fields": ["customer"], "version": qualified.version,
    }  # fmt: skip
    with translation.override("zh-hans"):
        form = client.get(f"/stages/{qualified.pk}/edit/", headers={"accept-language": "zh-hans"}).context[
            "form"
        ]
        data |= {"name": form["name"].value(), "guidance": form["guidance"].value()}
        client.post(f"/stages/{qualified.pk}/edit/", data, headers={"accept-language": "zh-hans"})
    assert Stage.objects.get(pk=qualified.pk).name == "Qualified"
