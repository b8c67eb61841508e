from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from core import lookups  # noqa: F401  queries know them by being imported
        from core.imports import runner, upkeep  # noqa: F401  the worker knows its jobs by them
