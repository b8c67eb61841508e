from django.contrib import admin

from customers.admin import LoggedAdmin
from deals.models import Contract, ContractVersion, Obligation, Payment


@admin.register(Contract)
class ContractAdmin(LoggedAdmin):
    list_display = (
        "number",
        "title",
        "customer",
        "status",
        "value",
        "currency",
        "ends_on",
        "owner",
        "deleted_at",
    )
    list_filter = ("status", "kind", "renewal")
    list_select_related = ("customer", "owner")
    search_fields = ("number", "title", "customer__name")
    autocomplete_fields = ("customer", "deal", "owner", "team", "renews")
    ordering = ("-pk",)


@admin.register(ContractVersion)
class ContractVersionAdmin(LoggedAdmin):
    list_display = ("contract", "number", "file_name", "sha256", "signed_on", "added_by", "added_at")
    list_select_related = ("contract", "added_by")
    search_fields = ("contract__number", "file_name", "sha256")
    autocomplete_fields = ("contract", "added_by")


@admin.register(Obligation)
class ObligationAdmin(LoggedAdmin):
    list_display = ("text", "contract", "side", "due_on", "responsible", "done_on")
    list_filter = ("side",)
    list_select_related = ("contract", "responsible")
    search_fields = ("text", "contract__number")
    autocomplete_fields = ("contract", "responsible")


@admin.register(Payment)
class PaymentAdmin(LoggedAdmin):
    list_display = ("order", "amount", "status", "due_on", "paid_on", "reference")
    list_filter = ("status",)
    list_select_related = ("order",)
    search_fields = ("order__number", "reference")
    autocomplete_fields = ("order",)
