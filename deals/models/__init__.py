from deals.models.close_plan import ClosePlanStep
from deals.models.contract import Contract, ContractVersion, Obligation
from deals.models.currency import ExchangeRate
from deals.models.deal import CloseDateChange, Deal, DealStageChange
from deals.models.favourite import DealFavourite
from deals.models.forecast import ForecastSnapshot, StoredResult
from deals.models.numbering import NumberSeries
from deals.models.objection import DealObjection, Objection, ObjectionAnswer
from deals.models.order import Order, OrderLine
from deals.models.payment import Payment
from deals.models.people import Competitor, DealCompetitor, DealContact
from deals.models.pipeline import LostReason, Pipeline, Stage
from deals.models.product import DealLine, Price, PriceBook, Product
from deals.models.quote import Quote, QuoteLine
from deals.models.review import WinLossReview
from deals.models.rollup import DealTotal
from deals.models.settings import SalesSettings
from deals.models.target import ImprovementAction, PlanLine, Target

__all__ = [
    "CloseDateChange",
    "ClosePlanStep",
    "Competitor",
    "Contract",
    "ContractVersion",
    "Deal",
    "DealCompetitor",
    "DealContact",
    "DealFavourite",
    "DealLine",
    "DealObjection",
    "DealStageChange",
    "DealTotal",
    "ExchangeRate",
    "ForecastSnapshot",
    "ImprovementAction",
    "LostReason",
    "NumberSeries",
    "Objection",
    "ObjectionAnswer",
    "Obligation",
    "Order",
    "OrderLine",
    "Payment",
    "Pipeline",
    "PlanLine",
    "Price",
    "PriceBook",
    "Product",
    "Quote",
    "QuoteLine",
    "SalesSettings",
    "Stage",
    "StoredResult",
    "Target",
    "WinLossReview",
]
