from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    """A free label on customers and contacts."""

    name = models.CharField(_("name"), max_length=60)
    colour = models.PositiveSmallIntegerField(_("colour"), default=0)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="tag_name_once",
                violation_error_message=_("There is already a tag with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where customers come from: referral, fair, web form."""

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="source_name_once",
                violation_error_message=_("There is already a source with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
