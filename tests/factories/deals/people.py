"""People, competitors, objections, close plans and reviews of deals for tests."""

from __future__ import annotations

from datetime import timedelta

import factory

from accounts.clock import today
from deals import models
from deals.constants import Decided
from tests.factories.accounts import UserFactory
from tests.factories.customers import ContactFactory, LoggedFactory
from tests.factories.deals.deals import DealFactory
from tests.factories.deals.pipelines import stage


class DealContactFactory(LoggedFactory):
    """Somebody of medium influence who has not taken sides."""

    class Meta:
        model = models.DealContact

    deal = factory.SubFactory(DealFactory)
    contact = factory.SubFactory(ContactFactory)


class CompetitorFactory(LoggedFactory):
    class Meta:
        model = models.Competitor

    name = factory.Sequence(lambda n: f"Rival {n}")


class DealCompetitorFactory(LoggedFactory):
    class Meta:
        model = models.DealCompetitor

    deal = factory.SubFactory(DealFactory)
    competitor = factory.SubFactory(CompetitorFactory)


class ObjectionFactory(LoggedFactory):
    class Meta:
        model = models.Objection

    text = factory.Sequence(lambda n: f"Too expensive {n}")
    category = "Price"


class ObjectionAnswerFactory(LoggedFactory):
    class Meta:
        model = models.ObjectionAnswer

    objection = factory.SubFactory(ObjectionFactory)
    text = factory.Sequence(lambda n: f"It pays back in {n} months.")


class DealObjectionFactory(LoggedFactory):
    class Meta:
        model = models.DealObjection

    deal = factory.SubFactory(DealFactory)
    objection = factory.SubFactory(ObjectionFactory)


class ClosePlanStepFactory(LoggedFactory):
    """One of our steps, due in a week."""

    class Meta:
        model = models.ClosePlanStep

    deal = factory.SubFactory(DealFactory)
    title = factory.Sequence(lambda n: f"Step {n}")
    due_on = factory.LazyFunction(lambda: today() + timedelta(days=7))


class WinLossReviewFactory(LoggedFactory):
    """Of a deal that was won on price."""

    class Meta:
        model = models.WinLossReview

    deal = factory.SubFactory(DealFactory, stage=factory.LazyFunction(lambda: stage(kind="won")))
    decided = Decided.PRICE
    reviewed_on = factory.LazyFunction(today)
    reviewer = factory.SubFactory(UserFactory)
