from accounts.models.audit import AuditEntry
from accounts.models.notification import Notification, NotificationPreference
from accounts.models.organisation import Organisation
from accounts.models.team import Team
from accounts.models.user import User
from accounts.models.visibility import VisibilityRule

__all__ = [
    "AuditEntry",
    "Notification",
    "NotificationPreference",
    "Organisation",
    "Team",
    "User",
    "VisibilityRule",
]
