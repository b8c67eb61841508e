from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "deals"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from accounts.constants import Kind
        from accounts.visibility import register_kind
        from deals.models import Order

        register_kind(Kind.ORDER, Order)
        from deals import imports  # noqa: F401  registers the importer
        from deals.lists import register_lists
        from deals.panels import register_panels
        from deals.services import personal_data

        register_lists()
        register_panels()
        personal_data.register()
