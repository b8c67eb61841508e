from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list's filters, order and columns under a name; private or shared with everyone.

    It stores only the query string of the page, so it can never show more than the person
    who opens it may see.
    """

    page = models.CharField(max_length=60, verbose_name=_("page"))
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=4000, blank=True, verbose_name=_("query"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_views",
        verbose_name=_("owner"),
    )
    shared = models.BooleanField(_("shared with everyone"), default=False)
    is_default = models.BooleanField(_("open first"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "owner", "name"],
                name="savedview_name_once",
                violation_error_message=_("You already have a view with this name."),
            ),
            models.UniqueConstraint(
                fields=["page", "owner"],
                condition=models.Q(is_default=True),
                name="savedview_one_default",
            ),
        ]
        indexes = [models.Index(fields=["page", "shared"], name="savedview_page")]

    def __str__(self) -> str:
        return self.name
