from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and access")

    def ready(self) -> None:
        from accounts import handover, listeners  # noqa: F401  they register themselves
        from accounts.clock import zone_of
        from accounts.services import audit, digest  # noqa: F401
        from core import zones

        zones.use(zone_of)
