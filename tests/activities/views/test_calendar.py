"""The calendar feed as a calendar program reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Organisation
from accounts.organisation import forget_organisation
from activities.models import CalendarLink
from activities.services.calendar_links import MAX_LINKS, make_calendar_link, revoke_calendar_link
from core.exceptions import RuleViolation
from core.logging import scrub
from tests.activities.conftest import NOW
from tests.factories.activities import ActivityFactory, TaskFactory

pytestmark = pytest.mark.usefixtures("clock")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def in_berlin(db):
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    forget_organisation()


@pytest.fixture
def url(seller):
    _link, secret = make_calendar_link(user=seller, name="Phone")
    return reverse("activities:calendar_feed", args=[secret])


def events(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_tasks_and_meetings_as_a_program_reads_them(client, url, seller, customer) -> None:
    TaskFactory(
        assignee=seller,
        customer=customer,
        title="Send; the, offer\nnow",
        due_on=date(2026, 3, 12),
        priority=3,
    )
    TaskFactory(assignee=seller, title="Call", due_on=date(2026, 3, 30), due_time="09:30")
    start = NOW + timedelta(days=2)
    ActivityFactory(
        customer=customer, kind="meeting", subject="Visit", at=start, author=seller, duration_minutes=45
    )
    answer = client.get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert calendar["VERSION"] == "2.0"
    offer, call, meeting = calendar.walk("VEVENT")
    assert str(offer["SUMMARY"]) == "To do: Send; the, offer\nnow · Acme"
    assert (offer.decoded("DTSTART"), offer.decoded("DTEND"), offer["PRIORITY"]) == (
        date(2026, 3, 12),
        date(2026, 3, 13),
        1,
    )
    assert call.decoded("DTSTART") == datetime(2026, 3, 30, 9, 30, tzinfo=BERLIN)
    assert call["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert str(meeting["SUMMARY"]) == "Visit · Acme"
    assert meeting.decoded("DTSTART") == start
    assert meeting.decoded("DTEND") - meeting.decoded("DTSTART") == timedelta(minutes=45)
    for event in (offer, call, meeting):
        assert event["UID"]
        assert event.decoded("DTSTAMP")


def test_only_what_is_mine_and_what_i_may_see(client, url, seller, colleague, stranger, customer) -> None:
    TaskFactory(assignee=colleague, title="Of Jo")
    done = TaskFactory(assignee=seller, title="Done", done_at=NOW)
    ActivityFactory(customer=customer, kind="meeting", author=colleague, subject="Without me")
    ActivityFactory(customer=customer, kind="meeting", author=colleague, users=[seller], subject="With me")
    ActivityFactory(customer=customer, kind="call", author=seller, subject="A call", body="private words")
    hidden = ActivityFactory(kind="meeting", author=seller, subject="Hidden now")
    assert [str(e["SUMMARY"]) for e in events(client, url)] == ["With me · Acme"]
    assert b"private words" not in client.get(url).content
    assert (done.title, hidden.customer.owner) == ("Done", None)


def test_a_repeating_task_is_one_series_with_month_ends(client, url, seller) -> None:
    TaskFactory(assignee=seller, due_on=date(2026, 1, 31), repeat="monthly", repeat_until=date(2026, 6, 30))
    (event,) = events(client, url)
    rule = event["RRULE"].to_ical().decode()
    days = list(rrulestr(rule, dtstart=datetime(2026, 1, 31)))
    assert [day.date() for day in days] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
        date(2026, 6, 30),
    ]


def test_one_occurrence_put_off_is_moved_within_its_series(client, url, seller) -> None:
    TaskFactory(
        assignee=seller,
        due_on=date(2026, 3, 12),
        due_time="08:00",
        repeat="weekly",
        repeat_from=date(2026, 3, 9),
        scheduled_on=date(2026, 3, 9),
        repeat_until=date(2026, 5, 1),
    )
    series, moved = events(client, url)
    assert series["UID"] == moved["UID"]
    assert series.decoded("DTSTART") == datetime(2026, 3, 9, 8, tzinfo=BERLIN)
    assert "RRULE" not in moved
    assert moved.decoded("RECURRENCE-ID") == datetime(2026, 3, 9, 8, tzinfo=BERLIN)
    assert moved.decoded("DTSTART") == datetime(2026, 3, 12, 8, tzinfo=BERLIN)
    # An end of a series with times is told in UTC (RFC 5545, 3.3.10).
    assert series["RRULE"]["UNTIL"] == [datetime(2026, 5, 1, 6, tzinfo=UTC)]


def test_the_same_calendar_is_not_sent_twice(client, url, seller) -> None:
    TaskFactory(assignee=seller, due_on=date(2026, 3, 12))
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    TaskFactory(assignee=seller, due_on=date(2026, 3, 13))
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_revoked_link_a_wrong_secret_and_somebody_who_left_get_nothing(client, url, seller) -> None:
    wrong = reverse("activities:calendar_feed", args=["0" * 64])
    assert client.get(wrong).status_code == 404
    link = CalendarLink.objects.get()
    assert client.get(reverse("activities:calendar_feed", args=[link.sha256])).status_code == 404
    seller.is_active = False
    seller.save()
    assert client.get(url).status_code == 404
    seller.is_active = True
    seller.save()
    assert client.get(url).status_code == 200
    revoke_calendar_link(link=link)
    assert client.get(url).status_code == 404


def test_guessing_and_reading_too_often_are_stopped(client, url) -> None:
    for _time in range(120):
        assert client.get(url).status_code == 200
    assert client.get(url).status_code == 429
    for number in range(30):
        assert client.get(reverse("activities:calendar_feed", args=[f"{number:064}"])).status_code == 404
    answer = client.get(reverse("activities:calendar_feed", args=["f" * 64]))
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")


def test_wrong_guesses_count_by_the_client_behind_the_proxy(client, url, settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def guess(number: int, forwarded: str) -> int:
        address = reverse("activities:calendar_feed", args=[f"{number:064}"])
        headers = {"X-Forwarded-For": forwarded}
        return client.get(address, headers=headers, REMOTE_ADDR="10.0.0.1").status_code

    # The proxy adds the last address; what the client claims before it makes no new client.
    assert [guess(number, f"198.51.100.{number}, 203.0.113.7") for number in range(31)] == [404] * 30 + [429]
    # Another client through the same proxy is not stopped by it.
    assert guess(99, "203.0.113.8") == 404
    # Without a trusted proxy the header counts for nothing.
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert [guess(number, f"198.51.100.{number}") for number in range(31)] == [404] * 30 + [429]


def test_the_secret_is_shown_once_and_kept_nowhere(client, seller, url) -> None:
    client.force_login(seller)
    page = reverse("activities:calendar_links")
    made = client.post(page, {"name": "Outlook"})
    address = made.context["address"]
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert made["Cache-Control"] == "no-store"
    assert client.get(address).status_code == 200
    assert secret not in client.get(page).content.decode()
    assert not CalendarLink.objects.filter(sha256=secret).exists()
    assert secret not in scrub(f'"GET /calendar/{secret}.ics HTTP/1.1" 200')
    assert CalendarLink.objects.get(name="Outlook").last_used_at == NOW
    link = CalendarLink.objects.get(name="Outlook")
    client.post(reverse("activities:calendar_link_revoke", args=[link.pk]))
    assert client.get(address).status_code == 404


def test_links_are_few(seller) -> None:
    for _time in range(MAX_LINKS):
        make_calendar_link(user=seller)
    with pytest.raises(RuleViolation):
        make_calendar_link(user=seller)
