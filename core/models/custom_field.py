from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomField(models.Model):
    """A field an administrator adds to a kind of record. Its values live in `record.custom[key]`."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", pgettext_lazy("kind of field", "Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")
        MULTI = "multi", _("Several choices")
        BOOLEAN = "boolean", _("Yes or no")
        LINK = "link", _("Link")
        PERSON = "person", _("Person")

    # "customers.customer", "customers.contact", …
    model = models.CharField(_("record"), max_length=100)
    key = models.CharField(
        _("key"),
        max_length=40,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Start with a letter; use a–z, 0–9 and _ only."))
        ],
    )
    label = models.CharField(_("label"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    help_text = models.CharField(_("help"), max_length=200, blank=True)
    required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ("model", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "key"],
                name="customfield_key_once",
                violation_error_message=_("There is already a field with this key."),
            )
        ]

    def __str__(self) -> str:
        return self.label
