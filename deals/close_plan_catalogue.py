"""The usual steps to a signature, to begin a close plan with.

Each step: its words, whose it is, and how far on the way between today and the expected close it lies.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from deals.constants import Side


@dataclass(frozen=True)
class UsualStep:
    title: str
    side: Side
    share: float


@dataclass(frozen=True)
class UsualPlan:
    key: str
    label: str
    steps: tuple[UsualStep, ...]


PLANS = {
    plan.key: plan
    for plan in (
        UsualPlan(
            "short",
            _("Short: offer to signature"),
            (
                UsualStep(_("Final offer"), Side.US, 0.25),
                UsualStep(_("Decision"), Side.CUSTOMER, 0.7),
                UsualStep(_("Signature"), Side.CUSTOMER, 1.0),
            ),
        ),
        UsualPlan(
            "company",
            _("Company: with legal review and purchasing"),
            (
                UsualStep(_("Demonstration for all who decide"), Side.US, 0.15),
                UsualStep(_("Final offer"), Side.US, 0.3),
                UsualStep(_("Security questionnaire"), Side.US, 0.4),
                UsualStep(_("Legal review"), Side.CUSTOMER, 0.6),
                UsualStep(_("Budget approved"), Side.CUSTOMER, 0.75),
                UsualStep(_("Contract ready to sign"), Side.US, 0.9),
                UsualStep(_("Signature"), Side.CUSTOMER, 1.0),
            ),
        ),
        UsualPlan(
            "pilot",
            _("Pilot: try first, then sign"),
            (
                UsualStep(_("Goals of the pilot agreed"), Side.CUSTOMER, 0.1),
                UsualStep(_("Pilot starts"), Side.US, 0.2),
                UsualStep(_("Results of the pilot reviewed together"), Side.US, 0.65),
                UsualStep(_("Decision"), Side.CUSTOMER, 0.8),
                UsualStep(_("Signature"), Side.CUSTOMER, 1.0),
            ),
        ),
    )
}
