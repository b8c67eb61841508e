"""The bell and the daily e-mail."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from accounts.models import Notification, NotificationPreference
from accounts.models.notification import NotificationKind
from accounts.selectors.notifications import people_due_for_digest, preferences_of, unread_count
from accounts.services.digest import send_digest
from accounts.services.notifications import mark_all_read, notify
from accounts.tasks import send_digests
from core.models import Job
from tests.factories.accounts import NotificationFactory, NotificationPreferenceFactory, UserFactory

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_a_person_is_told_once(seller):
    for _ in range(2):
        notify(user=seller, kind="task_due", text="Due: %(title)s", params={"title": "Call"}, dedupe="t1")
    row = Notification.objects.get()
    assert row.message == "Due: Call"
    assert unread_count(seller) == 1


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "/\\evil.example", "data:x"])
def test_a_notification_stays_on_our_site(seller, url):
    with pytest.raises(ValueError, match="path of this site"):
        notify(user=seller, kind="task_due", text="x", url=url)


def test_unknown_kinds_and_deactivated_people(seller):
    with pytest.raises(ValueError, match="unknown kind"):
        notify(user=seller, kind="gossip", text="x")
    assert notify(user=UserFactory(is_active=False), kind="task_due", text="x") is None


@pytest.mark.parametrize(
    ("in_app", "digest", "bell", "mailed"),
    [(True, True, 1, 1), (True, False, 1, 0), (False, True, 0, 1), (False, False, 0, 0)],
)
def test_preferences_decide_where(seller, in_app, digest, bell, mailed):
    NotificationPreferenceFactory(user=seller, kind="task_due", in_app=in_app, digest=digest)
    notify(user=seller, kind="task_due", text="Due")
    assert unread_count(seller) == bell
    send_digest(person_id=seller.pk, now=timezone.now() + timedelta(minutes=1))
    assert len(mail.outbox) == mailed


def test_it_is_read_in_the_readers_language(seller):
    row = NotificationFactory(user=seller, text="Saved.", params={})
    with translation.override("zh-hans"):
        assert row.message == translation.gettext("Saved.")


def test_a_text_that_lost_its_parameters_is_still_shown():
    assert str(Notification(text="100% of %(name)s", params={})) == "100% of %(name)s"


def test_values_of_others_are_not_format_strings(seller):
    row = notify(user=seller, kind="mention", text="%(who)s wrote", params={"who": "%(x)s %s"})
    assert row is not None
    assert row.message == "%(x)s %s wrote"


def test_opening_marks_read_and_leads_on(client_of, seller):
    row = NotificationFactory(user=seller, url="/profile/")
    response = client_of(seller).get(f"/notifications/{row.pk}/open/")
    assert response["Location"] == "/profile/"
    row.refresh_from_db()
    assert row.read_at is not None


def test_the_list_and_the_bell_show_what_is_mine(client_of, seller, admin):
    NotificationFactory(user=seller, params={"name": "Acme <b>"})
    NotificationFactory(user=admin, params={"name": "Secret Ltd"})
    client = client_of(seller)
    for path in ("/notifications/", "/notifications/bell/"):
        html = client.get(path).content.decode()
        assert "Acme &lt;b&gt; was given to you" in html
        assert "Secret" not in html
    assert "1 unread notification" in client.get("/notifications/").content.decode()
    client.post("/notifications/read-all/", {"next": "//evil.example"})
    assert unread_count(seller) == 0
    assert unread_count(admin) == 1


def test_mark_all_read_counts(seller):
    NotificationFactory.create_batch(2, user=seller)
    assert mark_all_read(actor=seller) == 2
    assert mark_all_read(actor=seller) == 0


def test_preferences_are_saved_even_when_every_box_is_empty(client_of, seller):
    client = client_of(seller)
    assert client.post("/profile/notifications/", {"mention-digest": "on"}).status_code == 302
    chosen = preferences_of(seller)
    assert chosen["mention"] == (False, True)
    assert chosen["assigned"] == (False, False)
    assert NotificationPreference.objects.count() == len(NotificationKind)
    client.post("/profile/notifications/", {})
    assert preferences_of(seller)["mention"] == (False, False)


# The daily e-mail -----------------------------------------------------------------------------


def test_the_digest_goes_out_once_a_day(seller):
    NotificationFactory(user=seller, created_at=MORNING - timedelta(hours=1), url="/profile/")
    assert send_digest(person_id=seller.pk, now=MORNING)
    assert not send_digest(person_id=seller.pk, now=MORNING + timedelta(hours=3))
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert message.to == [seller.email]
    assert message.subject == "1 thing for you today"
    assert "Acme was given to you" in message.body
    assert "http://localhost:8000/profile/" in message.body
    link = "<http://localhost:8000/profile/notifications/>"
    assert message.extra_headers["List-Unsubscribe"] == link
    seller.refresh_from_db()
    assert seller.digest_on == date(2026, 3, 2)
    NotificationFactory(user=seller, created_at=MORNING + timedelta(hours=1))
    assert send_digest(person_id=seller.pk, now=MORNING + timedelta(days=1))
    assert len(mail.outbox) == 2
    assert mail.outbox[1].body.count("was given to you") == 1


@pytest.mark.parametrize(
    ("zone", "due"),
    [("UTC", True), ("America/New_York", False), ("Asia/Shanghai", True), ("Asia/Kathmandu", True)],
)
def test_it_comes_in_the_persons_own_morning(seller, zone, due):
    seller.time_zone = zone
    seller.save()
    NotificationFactory(user=seller, created_at=MORNING - timedelta(hours=9))
    assert people_due_for_digest(MORNING) == ([seller.pk] if due else [])


def test_nobody_is_written_to_without_news(seller):
    NotificationFactory(user=seller, read_at=timezone.now(), created_at=MORNING)
    NotificationFactory(user=UserFactory(is_active=False), created_at=MORNING)
    NotificationFactory(user=UserFactory(invited_at=timezone.now()), created_at=MORNING)
    NotificationFactory(user=UserFactory(), created_at=MORNING - timedelta(days=20))
    assert people_due_for_digest(MORNING) == []


def test_a_mail_that_fails_is_tried_again(seller, monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    NotificationFactory(user=seller, created_at=MORNING)

    def broken(self: object, messages: object) -> int:
        raise OSError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", broken)
        with pytest.raises(OSError, match="no mail server"):
            send_digest(person_id=seller.pk, now=MORNING)
    assert people_due_for_digest(MORNING) == [seller.pk]
    assert send_digest(person_id=seller.pk, now=MORNING)


def test_names_cannot_add_mail_headers(seller):
    NotificationFactory(user=seller, created_at=MORNING, params={"name": "A\nBcc: eve@example.com"})
    seller.name = "Sam\r\nBcc: eve@example.com"
    seller.save()
    send_digest(person_id=seller.pk, now=MORNING)
    raw = mail.outbox[0].message()
    assert raw["Bcc"] is None
    assert mail.outbox[0].recipients() == [seller.email]


def test_the_task_starts_a_job_only_when_there_is_news(seller, django_capture_on_commit_callbacks):
    seller.time_zone = "Pacific/Kiritimati" if timezone.now().hour < 12 else "UTC"
    seller.save()
    send_digests()
    assert not Job.objects.exists()
    NotificationFactory(user=seller, created_at=timezone.now() - timedelta(minutes=1))
    if not people_due_for_digest():
        pytest.skip("no morning anywhere near")
    with django_capture_on_commit_callbacks(execute=True):
        send_digests()
    job = Job.objects.get()
    assert (job.state, job.result) == (Job.State.DONE, {"sent": 1})
    send_digests()
    assert Job.objects.count() == 1
