"""Choices and limits of the customers app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class StageKind(models.TextChoices):
    """What a lifecycle stage means. Logic asks for the kind, never for the name."""

    LEAD = "lead", _("Lead")
    QUALIFIED = "qualified", _("Qualified")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CUSTOMER = "customer", _("Customer")
    LOYAL = "loyal", _("Loyal")
    LOST = "lost", _("Lost or former")


class SizeBand(models.TextChoices):
    SOLO = "1", "1"
    MICRO = "2-9", "2–9"
    SMALL = "10-49", "10–49"
    MEDIUM = "50-249", "50–249"
    LARGE = "250-999", "250–999"
    ENTERPRISE = "1000+", "1,000+"


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    SOCIAL = "social", _("Social media")
    MEETING = "meeting", _("Meeting")
    POST = "post", _("Post")
    WEB = "web", _("Web form")


class MethodKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    SOCIAL = "social", _("Social media")
    WEBSITE = "website", _("Website")


class BuyingRole(models.TextChoices):
    DECISION_MAKER = "decision_maker", _("Decision maker")
    ECONOMIC_BUYER = "economic_buyer", _("Economic buyer")
    CHAMPION = "champion", _("Champion")
    BLOCKER = "blocker", _("Blocker")
    USER = "user", _("User")
    LEGAL = "legal", _("Legal")


class RelationKind(models.TextChoices):
    INTRODUCED_BY = "introduced_by", _("Introduced by")
    COLLEAGUE = "colleague", _("Colleague of")
    FAMILY = "family", _("Family of")
    FRIEND = "friend", _("Friend of")
    ASSISTANT = "assistant", _("Assistant of")
    OTHER = "other", _("Knows")


class LawfulBasis(models.TextChoices):
    """GDPR article 6(1)."""

    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")
    LEGAL = "legal", _("Legal obligation")
    VITAL = "vital", _("Vital interests")
    PUBLIC = "public", _("Public task")
    LEGITIMATE = "legitimate", _("Legitimate interests")


class ConsentPurpose(models.TextChoices):
    EMAIL_MARKETING = "email_marketing", _("E-mail marketing")
    PHONE = "phone", _("Phone calls")
    CHAT = "chat", _("Chat messages")
    PROFILING = "profiling", _("Profiling")
    SHARING = "sharing", _("Sharing with partners")
    SERVICE = "service", _("Service messages")


TRASH_DAYS = 90
