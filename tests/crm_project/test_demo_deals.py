"""The sample deals: every pipeline has open, won and lost ones, each with the way it has come."""

from datetime import UTC, datetime

import pytest
from django.db.models import F

from accounts.models import User
from crm_project.demo.seed import remove, seed
from deals.models import CloseDateChange, Deal, DealStageChange, DealTotal, Pipeline

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_login_file(tmp_path, settings) -> None:
    settings.VAR_DIR = tmp_path


def test_deals_tell_a_story_and_go_without_a_trace() -> None:
    seed(NOW)
    assert 55 <= Deal.objects.count() <= 160
    stories = Deal.objects.order_by().values_list("pipeline", "status").distinct().count()
    assert (Pipeline.objects.count(), stories) == (3, 9)
    assert not Deal.objects.filter(status="lost", lost_reason=None).exists()
    assert not Deal.objects.filter(closed_on__gt=NOW.date()).exists()
    for deal in Deal.objects.all():
        moves = list(DealStageChange.objects.filter(deal=deal).order_by("at", "pk"))
        assert [move.from_stage for move in moves] == [None, *(move.to_stage for move in moves[:-1])]
        assert (moves[-1].to_stage, moves[-1].at) == (deal.stage, deal.stage_since)
    assert CloseDateChange.objects.filter(to_date__gt=F("from_date")).count() > 20
    planned = Deal.objects.filter(status="open", next_step_on__isnull=False).count()
    assert 0 < planned < Deal.objects.filter(status="open").count()
    remove(actor=User.objects.get(email="admin@guanxi.example"))
    assert (Deal._base_manager.count(), Pipeline._base_manager.count()) == (0, 1)
    assert sum(DealTotal.objects.values_list("deals", flat=True)) == 0
