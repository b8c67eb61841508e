"""Pipelines, stages and lost reasons for tests."""

from __future__ import annotations

import factory

from deals import models
from deals.constants import StageKind
from tests.factories.customers import LoggedFactory


def default_pipeline() -> models.Pipeline:
    """The one a migration makes."""
    return models.Pipeline.objects.get(is_default=True)


def stage(name: str = "", *, kind: str = StageKind.OPEN) -> models.Stage:
    """A stage of the default pipeline, by name or the first of a kind."""
    stages = models.Stage.objects.filter(pipeline__is_default=True)
    return stages.filter(name=name).get() if name else stages.filter(kind=kind).order_by("position")[0]


class PipelineFactory(LoggedFactory):
    """A pipeline without stages."""

    class Meta:
        model = models.Pipeline

    name = factory.Sequence(lambda n: f"Pipeline {n}")
    position = factory.Sequence(lambda n: 10 + n)


class StageFactory(LoggedFactory):
    """A stage of a new pipeline; won and lost get the probability of their kind."""

    class Meta:
        model = models.Stage

    pipeline = factory.SubFactory(PipelineFactory)
    name = factory.Sequence(lambda n: f"Step {n}")
    kind = StageKind.OPEN
    position = factory.Sequence(lambda n: 10 + n)
    probability = factory.LazyAttribute(lambda o: {StageKind.WON: 100, StageKind.LOST: 0}.get(o.kind, 50))


class LostReasonFactory(LoggedFactory):
    class Meta:
        model = models.LostReason

    name = factory.Sequence(lambda n: f"Reason {n}")
    position = factory.Sequence(lambda n: 10 + n)
