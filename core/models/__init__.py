from core.models.change import Change, ChangeSet
from core.models.custom_field import CustomField
from core.models.export_log import ExportLog
from core.models.import_run import ImportMapping, ImportRow, ImportRun
from core.models.job import Job
from core.models.recent import RecentRecord
from core.models.record import Record
from core.models.saved_view import SavedView
from core.models.shared_link import SharedLink

__all__ = [
    "Change",
    "ChangeSet",
    "CustomField",
    "ExportLog",
    "ImportMapping",
    "ImportRow",
    "ImportRun",
    "Job",
    "RecentRecord",
    "Record",
    "SavedView",
    "SharedLink",
]
