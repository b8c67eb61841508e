"""Imports: an uploaded file, how its columns map, and what became of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def import_path(run: "ImportRun", filename: str) -> str:
    """Stored under our own name: the uploaded one is only shown, never used as a path."""
    return f"imports/{timezone.now():%Y/%m}/{run.token}"


class ImportRun(models.Model):
    """One file on its way in. The job does the work; this row is what people see."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        MAPPED = "mapped", _("Mapped")
        CHECKING = "checking", _("Trial run")
        CHECKED = "checked", _("Ready to import")
        RUNNING = "running", _("Importing")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        CANCELLED = "cancelled", _("Stopped")

    target = models.CharField(_("what"), max_length=60)
    filename = models.CharField(_("file name"), max_length=200)
    token = models.CharField(max_length=32, unique=True, editable=False)
    file = models.FileField(upload_to=import_path, verbose_name=_("file"))
    size = models.PositiveBigIntegerField(_("size"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UPLOADED)
    # What was detected, and what the person chose instead: kind, encoding, delimiter, sheet.
    reading = models.JSONField(default=dict, verbose_name=_("how the file is read"))
    # {"columns": {header: field key}, "formats": {…}, "values": {…}, "duplicates": "update"}
    mapping = models.JSONField(default=dict, verbose_name=_("mapping"))
    counts = models.JSONField(default=dict, verbose_name=_("counts"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="imports",
        verbose_name=_("started by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    job = models.ForeignKey(
        "core.Job", on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("job")
    )
    change_set = models.OneToOneField(
        "core.ChangeSet",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_run",
        verbose_name=_("change set"),
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.filename


class ImportRow(models.Model):
    """A row that was not taken as it stood: an error, a skip, a warning, a possible duplicate."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="rows", verbose_name=_("import")
    )
    number = models.PositiveBigIntegerField(verbose_name=_("row"))
    outcome = models.CharField(max_length=12, verbose_name=_("outcome"))
    reason = models.CharField(max_length=300, verbose_name=_("reason"))
    cells = models.JSONField(default=list, verbose_name=_("cells"))
    # The trial run writes rows too, so that its result can be looked at; the real run replaces them.
    trial = models.BooleanField(default=False, verbose_name=_("trial run"))
    # The record it resembles, shown beside it: {"url", "name", "values": {label: value}}.
    match = models.JSONField(null=True, blank=True, verbose_name=_("record found"))

    class Meta:
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        ordering = ("run", "number")
        indexes = [models.Index(fields=["run", "trial", "number"], name="importrow_run")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class ImportMapping(models.Model):
    """A mapping kept for the next file of the same shape."""

    target = models.CharField(max_length=60, verbose_name=_("what"))
    name = models.CharField(_("name"), max_length=80)
    mapping = models.JSONField(default=dict, verbose_name=_("mapping"))
    headers = models.JSONField(default=list, verbose_name=_("headers"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("created by"),
    )

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        ordering = ("target", "name", "pk")
        constraints = [models.UniqueConstraint(fields=["target", "name"], name="importmapping_name_once")]

    def __str__(self) -> str:
        return self.name
