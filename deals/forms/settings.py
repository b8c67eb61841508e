"""The form of the sales settings."""

from core.forms import RecordForm
from deals.models import SalesSettings


class SalesSettingsForm(RecordForm):
    class Meta:
        model = SalesSettings
        fields = (
            "goal_factor",
            "quote_valid_days",
            "quote_reminder_days",
            "renewal_reminder_days",
            "quote_remind_customer",
            "quote_sender",
            "quote_terms",
        )
