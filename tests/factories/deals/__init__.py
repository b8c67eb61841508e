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
from tests.factories.deals.forecast import ExchangeRateFactory, ForecastSnapshotFactory
from tests.factories.deals.orders import OrderFactory, OrderLineFactory
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
    "ContractFactory",
    "ContractVersionFactory",
    "DealFactory",
    "DealFavouriteFactory",
    "DealLineFactory",
    "DealStageChangeFactory",
    "DealTotalFactory",
    "ExchangeRateFactory",
    "ForecastSnapshotFactory",
    "ImprovementActionFactory",
    "LostReasonFactory",
    "NumberSeriesFactory",
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
    "TargetFactory",
]
