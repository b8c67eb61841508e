"""Form widgets of this app."""

from django import forms


class LongSelect(forms.Select):
    """A select for hundreds of options, written without white space."""

    template_name = "accounts/widgets/select.html"
