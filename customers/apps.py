from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from accounts import handover
        from accounts.constants import Kind
        from accounts.visibility import register_kind
        from customers.models import Contact, Customer
        from customers.services import derived

        derived.register()
        for kind, model in ((Kind.CUSTOMER, Customer), (Kind.CONTACT, Contact)):
            register_kind(kind, model)
            handover.register(model, "owner")
        from customers import (
            imports,  # noqa: F401  registers the importers
            jobs,  # noqa: F401 (registers the handlers)
            registration,
        )
        from customers.lists import register_lists
        from customers.searchables import register_searchables

        registration.register()
        register_lists()
        register_searchables()
