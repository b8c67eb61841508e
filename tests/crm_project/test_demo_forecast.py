"""The sample snapshots say what the sample deals said on those days."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from crm_project.demo.forecast import _stories, snapshot_of
from crm_project.demo.seed import remove, seed
from deals.models import Deal, ExchangeRate, ForecastSnapshot
from deals.selectors.rates import Rates
from deals.services.forecast import take_snapshot
from tests.factories.accounts import AdministratorFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_login_file(tmp_path, settings) -> None:
    settings.VAR_DIR = tmp_path


def rows(snapshots):
    return sorted(
        (
            row.month,
            row.pipeline_id,
            row.owner_id or 0,
            row.team_id or 0,
            row.category,
            row.deals,
            row.unpriced,
        )
        for row in snapshots
    )


@pytest.mark.slow
def test_the_present_reconstructed_is_the_present():
    with time_machine.travel(NOW, tick=False):
        seed(NOW)
    assert set(ExchangeRate.objects.values_list("currency", flat=True)) == {"USD", "GBP", "CNY"}
    assert not Deal.objects.filter(amount__isnull=False, amount_base__isnull=True).exists()
    weeks = set(ForecastSnapshot.objects.values_list("taken_on", flat=True))
    assert len(weeks) == 52
    assert all(day.weekday() == 0 for day in weeks)
    told = snapshot_of(NOW.date(), _stories(), Rates())
    take_snapshot(NOW.date())
    taken = list(ForecastSnapshot.objects.filter(taken_on=NOW.date()))
    assert rows(told) == rows(taken)
    for name in ("amount", "weighted", "weighted_measured"):
        difference = sum(getattr(row, name) for row in told) - sum(getattr(row, name) for row in taken)
        assert abs(difference) < 1


def test_removing_the_sample_takes_its_snapshots_along():
    with time_machine.travel(NOW, tick=False):
        seed(NOW)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        remove(actor=AdministratorFactory())
    assert not ForecastSnapshot.objects.exists()
    assert not ExchangeRate.objects.exists()
