"""Ready-made mappings of well-known files and of our own exports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.imports.registry import Preset

_FILL = {"duplicates": "update", "fill": "empty"}

CUSTOMERS = (
    Preset(
        "directory-customers",
        _("Directory of customers (company and contact in one row)"),
        {
            "Customer Id": "contact_number",
            "First Name": "given_name",
            "Last Name": "family_name",
            "Company": "name",
            "City": "city",
            "Country": "country",
            "Phone 1": "phone",
            "Phone 2": "phone",
            "Email": "email",
            "Subscription Date": "stage_since",
            "Website": "website",
        },
        constants={"stage": "customer"},
        # Made-up web sites are shared by strangers: the name tells companies apart here.
        settings={**_FILL, "match": ["name"]},
    ),
    Preset(
        "directory-organizations",
        _("Directory of organisations"),
        {
            "Organization Id": "external_id",
            "Name": "name",
            "Website": "website",
            "Country": "country",
            "Description": "description",
            "Founded": "founded",
            "Industry": "industry",
            "Number of employees": "size_band",
        },
        settings={**_FILL, "match": ["external_id"]},
    ),
    Preset(
        "sales-pipeline-accounts",
        _("Accounts of a sales pipeline (revenue in million USD)"),
        {
            "account": "name",
            "sector": "industry",
            "year_established": "founded",
            "revenue": "annual_revenue",
            "employees": "size_band",
            "office_location": "country",
            "subsidiary_of": "parent",
        },
        constants={"currency": "USD"},
        formats={"revenue": {"unit": "1000000"}},
        values={"industry": {"technolgy": "technology"}, "country": {"Philipines": "Philippines"}},
        settings={**_FILL, "match": ["name"]},
    ),
)

CONTACTS = (
    Preset(
        "directory-people",
        _("Directory of people"),
        {
            "User Id": "external_id",
            "First Name": "given_name",
            "Last Name": "family_name",
            "Email": "email",
            "Phone": "phone",
            "Date of birth": "birthday",
            "Job Title": "job_title",
        },
        settings=_FILL,
    ),
)
