"""Texts that migrations store as data, marked so that ``make messages`` collects them.

They are stored in English and translated when shown; a name somebody typed is shown as typed.
"""

from django.utils.translation import gettext_noop

LIFECYCLE_STAGES = (
    gettext_noop("Lead"),
    gettext_noop("Qualified"),
    gettext_noop("Opportunity"),
    gettext_noop("Customer"),
    gettext_noop("Loyal"),
    gettext_noop("Lost"),
)
