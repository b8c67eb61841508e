from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = _("Relationship history")

    def ready(self) -> None:
        from accounts import handover
        from accounts.constants import Kind
        from accounts.visibility import register_kind
        from activities import (
            imports,  # noqa: F401  registers the importer
            panels,
        )
        from activities.models import Activity, Task
        from activities.services import (  # noqa: F401  one registers itself
            attachments,
            derived,
            follow_ups,
            personal_data,
            reminders,
            trash,
        )
        from core.files import register_folder

        register_folder(attachments.FOLDER, attachments.known_files)
        personal_data.register()
        derived.register()
        follow_ups.register()
        trash.register()
        panels.register()
        register_kind(Kind.ACTIVITY, Activity)
        register_kind(Kind.ACTIVITY, Task)
        handover.register(Task, "assignee")
