"""Choices of the deals app. Logic asks for kinds, never for names."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StageKind(models.TextChoices):
    OPEN = "open", pgettext_lazy("stage", "Open")
    WON = "won", _("Won")
    LOST = "lost", pgettext_lazy("deal", "Lost")


class ForecastCategory(models.TextChoices):
    """How sure the seller is; the manager's forecast adds these up."""

    OMITTED = "omitted", _("Omitted")
    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    CLOSED = "closed", pgettext_lazy("forecast", "Closed")


class DealKind(models.TextChoices):
    NEW = "new", _("New business")
    EXPANSION = "expansion", _("Expansion")
    RENEWAL = "renewal", _("Renewal")


class Period(models.TextChoices):
    """How often a recurring amount is paid."""

    MONTH = "month", _("per month")
    QUARTER = "quarter", _("per quarter")
    YEAR = "year", _("per year")


class Influence(models.IntegerChoices):
    LOW = 1, pgettext_lazy("influence", "Low")
    MEDIUM = 2, pgettext_lazy("influence", "Medium")
    HIGH = 3, pgettext_lazy("influence", "High")


class Stance(models.IntegerChoices):
    AGAINST = -2, _("Against us")
    SCEPTICAL = -1, _("Sceptical")
    NEUTRAL = 0, _("Neutral")
    FRIENDLY = 1, _("Friendly")
    SUPPORTER = 2, _("Supporter")


class Side(models.TextChoices):
    US = "us", _("Us")
    CUSTOMER = "customer", _("Customer")


class CompetitorOutcome(models.TextChoices):
    COMPETING = "competing", _("Competing")
    BEATEN = "beaten", _("We won against them")
    LOST_TO = "lost_to", _("We lost to them")
    WITHDREW = "withdrew", _("They withdrew")


class QuoteStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")


class ContractKind(models.TextChoices):
    PROJECT = "project", _("Project")
    STRATEGIC = "strategic", _("Strategic partnership")


class ContractStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", _("Terminated")


class Renewal(models.TextChoices):
    """What happens at the end of the term."""

    NONE = "none", _("Ends")
    MANUAL = "manual", _("Renewed by agreement")
    AUTOMATIC = "automatic", _("Renews itself")


class PaymentStatus(models.TextChoices):
    DUE = "due", _("Due")
    PAID = "paid", _("Paid")
    REFUNDED = "refunded", _("Refunded")
    CANCELLED = "cancelled", _("Cancelled")


class TargetMetric(models.TextChoices):
    REVENUE = "revenue", _("Revenue (orders)")
    WON_AMOUNT = "won_amount", _("Won deals, amount")
    WON_DEALS = "won_deals", _("Won deals, number")
    NEW_DEALS = "new_deals", _("New deals, number")
    NEW_CUSTOMERS = "new_customers", _("New customers, number")


#: Measures that are amounts of money; the others are numbers.
MONEY_METRICS = frozenset({TargetMetric.REVENUE, TargetMetric.WON_AMOUNT})


class TargetPeriod(models.TextChoices):
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class ActionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DOING = "doing", _("Under way")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Decided(models.TextChoices):
    """What decided a closed deal, in the customer's eyes."""

    PRICE = "price", _("Price")
    PRODUCT = "product", _("Product and features")
    RELATIONSHIP = "relationship", _("Relationship and trust")
    SERVICE = "service", _("Service and support")
    TIMING = "timing", _("Timing")
    RISK = "risk", _("Risk and references")
    TERMS = "terms", _("Contract terms")
    OTHER = "other", _("Other")
