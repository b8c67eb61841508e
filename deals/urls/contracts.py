"""Contracts, renewals, payments and revenue."""

from django.urls import path

from core.views.exports import export_list
from deals.views import contracts, payments

urlpatterns = [
    path("contracts/", contracts.ContractList.as_view(), name="contract_list"),
    path("contracts/export/", export_list, {"spec_key": "contracts"}, name="contract_export"),
    path("contracts/renewals/", contracts.renewal_list, name="renewal_list"),
    path("contracts/new/", contracts.ContractCreate.as_view(), name="contract_create"),
    path("contracts/<int:pk>/", contracts.ContractDetail.as_view(), name="contract_detail"),
    path("contracts/<int:pk>/edit/", contracts.ContractUpdate.as_view(), name="contract_update"),
    path("contracts/<int:pk>/delete/", contracts.ContractDelete.as_view(), name="contract_delete"),
    path("contracts/<int:pk>/sign/", contracts.contract_sign, name="contract_sign"),
    path("contracts/<int:pk>/terminate/", contracts.contract_terminate, name="contract_terminate"),
    path("contracts/<int:pk>/versions/new/", contracts.contractversion_create, name="contractversion_create"),
    path(
        "contracts/versions/<int:pk>/document/",
        contracts.contractversion_download,
        {"copy": "document"},
        name="contractversion_document",
    ),
    path(
        "contracts/versions/<int:pk>/signed/",
        contracts.contractversion_download,
        {"copy": "signed"},
        name="contractversion_signed",
    ),
    path("contracts/<int:pk>/duties/new/", contracts.ObligationCreate.as_view(), name="obligation_create"),
    path("contracts/duties/<int:pk>/edit/", contracts.ObligationUpdate.as_view(), name="obligation_update"),
    path("contracts/duties/<int:pk>/delete/", contracts.ObligationDelete.as_view(), name="obligation_delete"),
    path("deals/<int:pk>/contracts/", contracts.deal_contracts, name="deal_contracts"),
    path("deals/<int:pk>/contracts/make/", contracts.deal_contract, name="deal_contract"),
    path("deals/<int:pk>/orders/make/", payments.deal_order, name="deal_order"),
    path("customers/<int:pk>/contracts/", contracts.customer_contracts, name="customer_contracts"),
    path("orders/<int:pk>/payments/new/", payments.PaymentCreate.as_view(), name="payment_create"),
    path("orders/payments/<int:pk>/edit/", payments.PaymentUpdate.as_view(), name="payment_update"),
    path("orders/payments/<int:pk>/delete/", payments.PaymentDelete.as_view(), name="payment_delete"),
    path("orders/payments/<int:pk>/paid/", payments.payment_paid, name="payment_paid"),
    path("revenue/", payments.revenue_page, name="revenue"),
]
