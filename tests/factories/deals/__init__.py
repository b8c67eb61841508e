"""Records of the deals app for tests, subject by subject."""

from tests.factories.deals.contracts import (
    ContractFactory,
    ContractVersionFactory,
    ObligationFactory,
    PaymentFactory,
)
from tests.factories.deals.deals import (
    CloseDateChangeFactory,
    DealFactory,
    DealFavouriteFactory,
    DealStageChangeFactory,
    DealTotalFactory,
)
from tests.factories.deals.forecast import (
    ExchangeRateFactory,
    ForecastSnapshotFactory,
    StoredResultFactory,
)
from tests.factories.deals.orders import OrderFactory, OrderLineFactory
from tests.factories.deals.people import (
    ClosePlanStepFactory,
    CompetitorFactory,
    DealCompetitorFactory,
    DealContactFactory,
    DealObjectionFactory,
    ObjectionAnswerFactory,
    ObjectionFactory,
    WinLossReviewFactory,
)
from tests.factories.deals.pipelines import LostReasonFactory, PipelineFactory, StageFactory
from tests.factories.deals.quotes import (
    DealLineFactory,
    NumberSeriesFactory,
    PriceBookFactory,
    PriceFactory,
    ProductFactory,
    QuoteFactory,
    QuoteLineFactory,
)
from tests.factories.deals.targets import (
    ImprovementActionFactory,
    PlanLineFactory,
    SalesSettingsFactory,
    TargetFactory,
)

__all__ = [
    "CloseDateChangeFactory",
    "ClosePlanStepFactory",
    "CompetitorFactory",
    "ContractFactory",
    "ContractVersionFactory",
    "DealCompetitorFactory",
    "DealContactFactory",
    "DealFactory",
    "DealFavouriteFactory",
    "DealLineFactory",
    "DealObjectionFactory",
    "DealStageChangeFactory",
    "DealTotalFactory",
    "ExchangeRateFactory",
    "ForecastSnapshotFactory",
    "ImprovementActionFactory",
    "LostReasonFactory",
    "NumberSeriesFactory",
    "ObjectionAnswerFactory",
    "ObjectionFactory",
    "ObligationFactory",
    "OrderFactory",
    "OrderLineFactory",
    "PaymentFactory",
    "PipelineFactory",
    "PlanLineFactory",
    "PriceBookFactory",
    "PriceFactory",
    "ProductFactory",
    "QuoteFactory",
    "QuoteLineFactory",
    "SalesSettingsFactory",
    "StageFactory",
    "StoredResultFactory",
    "TargetFactory",
    "WinLossReviewFactory",
]
