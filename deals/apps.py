from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "deals"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from accounts import handover
        from accounts.constants import Kind
        from accounts.visibility import register_kind
        from deals.models import Contract, Deal, Order

        for kind, model in ((Kind.DEAL, Deal), (Kind.DEAL, Contract), (Kind.ORDER, Order)):
            register_kind(kind, model)
        for model in (Deal, Contract):
            handover.register(model, "owner")
        from deals import (
            imports,  # noqa: F401  registers the importers
            registration,
        )
        from deals.panels import register_panels
        from deals.services import personal_data

        registration.register()
        register_panels()
        personal_data.register()
