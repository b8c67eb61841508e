from activities.models.activity import Activity
from activities.models.attachment import Attachment
from activities.models.cadence import CadencePlan
from activities.models.calendar_link import CalendarLink
from activities.models.task import Task

__all__ = ["Activity", "Attachment", "CadencePlan", "CalendarLink", "Task"]
