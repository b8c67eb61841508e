"""Who asks, and whose record is asked for."""

from accounts.constants import Role

ROLES = tuple(Role.values)
WHOSE = ("own", "team", "other")
