"""Where a person is signed in, and ending that."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from accounts.models import User
from accounts.models.audit import AuditAct
from accounts.services import audit


def end_session(*, session: UserSession, actor: User) -> None:
    """End one session; the browser that holds it is signed out at its next request."""
    subject = session.user
    session.end()
    audit.record(AuditAct.SESSION_ENDED, actor=actor, subject=subject)


def end_all_sessions(*, person: User, actor: User | None, keep: str | None = None) -> int:
    """Sign a person out everywhere, except in the session with the key `keep`."""
    sessions = list(UserSession.objects.filter(user=person).exclude(session_key=keep or ""))
    for session in sessions:
        session.end()
    if sessions:
        audit.record(AuditAct.SIGNED_OUT_EVERYWHERE, actor=actor, subject=person, sessions=len(sessions))
    return len(sessions)
