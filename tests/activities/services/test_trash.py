"""The trash of activities and tasks: back with their files, or gone for good after 90 days."""

from datetime import date

import pytest

from activities.models import Activity, Attachment, Task
from activities.services.activities import trash_activity
from activities.services.attachments import trash_attachment
from activities.services.trash import empty_trash, restore
from core.models import Change
from customers.models import Customer
from deals.models import Order
from tests.activities.conftest import NOW
from tests.factories.activities import ActivityFactory, AttachmentFactory, TaskFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.usefixtures("clock")


def test_an_activity_comes_back_with_the_files_that_went_with_it(seller, customer, clock) -> None:
    call = ActivityFactory(customer=customer)
    earlier, later = (AttachmentFactory(customer=customer, actor=seller, activity=call) for _n in range(2))
    trash_attachment(attachment=earlier, actor=seller)
    clock.shift(3600)
    trash_activity(activity=call, actor=seller)
    restore(call, actor=seller)
    assert list(Attachment.objects.alive()) == [later]
    customer.refresh_from_db()
    assert customer.last_contacted_at == call.at


def test_after_ninety_days_it_is_gone_with_its_history(seller, customer, clock) -> None:
    call = ActivityFactory(customer=customer)
    kept = TaskFactory(customer=customer, assignee=seller)
    trash_activity(activity=call, actor=seller)
    assert empty_trash(date(2026, 6, 7))["activities.activity"] == 0
    assert empty_trash(date(2026, 6, 10))["activities.activity"] == 1
    assert not Activity.objects.exists()
    assert not Change.objects.filter(model="activities.activity").exists()
    assert Task.objects.get() == kept


def test_what_belongs_to_a_customer_long_in_the_trash_goes_unless_orders_keep_it(seller, customer) -> None:
    buyer = CustomerFactory(owner=seller)
    Order.objects.create(number="1", customer=buyer, ordered_at=NOW, currency="EUR", total=1)
    for row in (customer, buyer):
        call = ActivityFactory(customer=row)
        AttachmentFactory(customer=row, actor=seller, activity=call)
        TaskFactory(customer=row, assignee=seller, activity=call)
    Customer.objects.update(deleted_at=NOW)
    empty_trash(date(2026, 7, 1))
    assert [row.customer for model in (Activity, Attachment, Task) for row in model.objects.all()] == [
        buyer
    ] * 3
