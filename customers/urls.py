"""Pages of customers and contacts."""

from django.urls import path

from core.views.exports import export_list
from customers.views import (
    bulk,
    cards,
    cells,
    contacts,
    custom_fields,
    customers,
    funnel,
    kanban,
    lists,
    merge,
    parts,
    personal,
    records,
    retention,
)

app_name = "customers"

urlpatterns = [
    path("customers/", lists.CustomerList.as_view(), name="customer_list"),
    path("customers/export/", export_list, {"spec_key": "customers"}, name="customer_export"),
    path("customers/board/", kanban.customer_kanban, name="customer_kanban"),
    path("customers/board/move/", kanban.customer_move, name="customer_move"),
    path("customers/<int:pk>/move/", kanban.customer_move_form, name="customer_move_form"),
    path("customers/funnel/", funnel.funnel_page, name="funnel"),
    path("customers/bulk/", bulk.bulk_act, {"spec_key": "customers"}, name="customer_bulk"),
    path(
        "customers/<int:pk>/cell/<slug:column>/",
        cells.edit_cell,
        {"spec_key": "customers"},
        name="customer_cell",
    ),
    path(
        "contacts/<int:pk>/cell/<slug:column>/",
        cells.edit_cell,
        {"spec_key": "contacts"},
        name="contact_cell",
    ),
    path("contacts/bulk/", bulk.bulk_act, {"spec_key": "contacts"}, name="contact_bulk"),
    path("contacts/", lists.ContactList.as_view(), name="contact_list"),
    path("contacts/export/", export_list, {"spec_key": "contacts"}, name="contact_export"),
    path("settings/retention/", retention.retention_list, name="retention_list"),
    path("settings/fields/", custom_fields.customfield_list, name="customfield_list"),
    path("settings/fields/<slug:kind>/new/", custom_fields.customfield_create, name="customfield_create"),
    path("settings/fields/<int:pk>/", custom_fields.customfield_update, name="customfield_update"),
    path("settings/fields/<int:pk>/move/", custom_fields.customfield_move, name="customfield_move"),
    path("settings/fields/<int:pk>/archive/", custom_fields.customfield_archive, name="customfield_archive"),
    # Record pages
    path("customers/new/", customers.CustomerCreate.as_view(), name="customer_create"),
    path("customers/options/", records.options, {"kind": "customer"}, name="customer_options"),
    path("customers/<int:pk>/", customers.CustomerDetail.as_view(), name="customer_detail"),
    path("customers/<int:pk>/edit/", customers.CustomerUpdate.as_view(), name="customer_update"),
    path(
        "customers/<int:pk>/edit/<slug:group>/", customers.CustomerGroupEdit.as_view(), name="customer_group"
    ),
    path("customers/<int:pk>/delete/", customers.CustomerDelete.as_view(), name="customer_delete"),
    path("customers/<int:pk>/stage/", customers.customer_stage, name="customer_stage"),
    path("customers/<int:pk>/people/", records.all_people, name="customer_people"),
    path("customers/<int:pk>/card/<slug:card>/", cards.customer_card, name="customer_card"),
    path("contacts/new/", contacts.ContactCreate.as_view(), name="contact_create"),
    path("contacts/options/", records.options, {"kind": "contact"}, name="contact_options"),
    path("contacts/<int:pk>/", contacts.ContactDetail.as_view(), name="contact_detail"),
    path("contacts/<int:pk>/edit/", contacts.ContactUpdate.as_view(), name="contact_update"),
    path("contacts/<int:pk>/edit/<slug:group>/", contacts.ContactGroupEdit.as_view(), name="contact_group"),
    path("contacts/<int:pk>/delete/", contacts.ContactDelete.as_view(), name="contact_delete"),
    path("contacts/<int:pk>/card/<slug:card>/", cards.contact_card, name="contact_card"),
    # What both have; `kind` is customer or contact
    path("record/<slug:kind>/<int:pk>/star/", records.star, name="record_star"),
    path("record/<slug:kind>/<int:pk>/tags/", records.edit_tags, name="record_tags"),
    path("record/<slug:kind>/<int:pk>/history/", records.record_history, name="record_history"),
    path("record/<slug:kind>/<int:pk>/methods/new/", parts.MethodCreate.as_view(), name="method_create"),
    path("record/<slug:kind>/<int:pk>/consents/new/", parts.ConsentCreate.as_view(), name="consent_create"),
    path("record/<slug:kind>/<int:pk>/personal-data/", personal.personal_export, name="personal_export"),
    path("record/<slug:kind>/<int:pk>/erase/", personal.personal_erase, name="personal_erase"),
    path("merge/<slug:kind>/", merge.record_merge, name="record_merge"),
    path("duplicates/", merge.duplicate_list, name="duplicate_list"),
    path("duplicates/scan/", merge.duplicate_scan, name="duplicate_scan"),
    path("duplicates/hints/<slug:kind>/", merge.duplicate_hints, name="duplicate_hints"),
    path(
        "duplicates/<slug:kind>/<int:first>/<int:second>/different/",
        merge.not_duplicates,
        name="not_duplicates",
    ),
    # Parts
    path("methods/<int:pk>/edit/", parts.MethodUpdate.as_view(), name="method_update"),
    path("methods/<int:pk>/delete/", parts.MethodDelete.as_view(), name="method_delete"),
    path("methods/<int:pk>/opt-out/", parts.MethodOptOut.as_view(), name="method_opt_out"),
    path("consents/<int:pk>/withdraw/", parts.ConsentWithdraw.as_view(), name="consent_withdraw"),
    path("contacts/<int:pk>/memberships/new/", parts.MembershipCreate.as_view(), name="membership_create"),
    path("memberships/<int:pk>/edit/", parts.MembershipUpdate.as_view(), name="membership_update"),
    path("memberships/<int:pk>/delete/", parts.MembershipDelete.as_view(), name="membership_delete"),
    path("contacts/<int:pk>/relations/new/", parts.RelationCreate.as_view(), name="relation_create"),
    path("relations/<int:pk>/edit/", parts.RelationUpdate.as_view(), name="relation_update"),
    path("relations/<int:pk>/delete/", parts.RelationDelete.as_view(), name="relation_delete"),
    path("contacts/<int:pk>/dates/new/", parts.ImportantDateCreate.as_view(), name="importantdate_create"),
    path("dates/<int:pk>/edit/", parts.ImportantDateUpdate.as_view(), name="importantdate_update"),
    path("dates/<int:pk>/delete/", parts.ImportantDateDelete.as_view(), name="importantdate_delete"),
]
