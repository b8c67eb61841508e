"""Ready-made pipelines and lost reasons.

They are stored in English and translated when shown, as long as nobody renames them; that is why the
texts are marked for the translators here. Pure data: migrations read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from deals.constants import ForecastCategory, StageKind

PIPELINE = ForecastCategory.PIPELINE
BEST_CASE = ForecastCategory.BEST_CASE
COMMIT = ForecastCategory.COMMIT
OMITTED = ForecastCategory.OMITTED


@dataclass(frozen=True)
class ReadyStage:
    """A stage to be made; `needs` are the deal fields that must be filled in to enter it."""

    name: str
    probability: int
    guidance: str
    kind: str = StageKind.OPEN
    forecast: str = PIPELINE
    rotting_days: int | None = None
    needs: tuple[str, ...] = ()
    colour: int = 0


@dataclass(frozen=True)
class ReadyPipeline:
    key: str
    name: str
    description: str
    stages: tuple[ReadyStage, ...] = field(default_factory=tuple)


def _won(guidance: str) -> ReadyStage:
    return ReadyStage(
        _("Won"), 100, guidance, StageKind.WON, ForecastCategory.CLOSED, needs=("amount",), colour=0
    )


def _lost(
    guidance: str = _("Say why, honestly: the reasons are what the next deal learns from."),
) -> ReadyStage:
    return ReadyStage(_("Lost"), 0, guidance, StageKind.LOST, OMITTED, colour=7)


B2B_SALES = ReadyPipeline(
    "b2b",
    _("B2B sales"),
    _("Selling to companies, from first talk to signature."),
    (
        ReadyStage(
            _("Lead-in"),
            10,
            _("Find out whether there is a need worth solving, and for whom."),
            rotting_days=14,
            needs=("customer",),
            colour=7,
        ),
        ReadyStage(
            _("Qualified"),
            25,
            _("Need, budget, decision maker and date are known. Agree the next meeting before you leave."),
            rotting_days=21,
            needs=("customer",),
            colour=1,
        ),
        ReadyStage(
            _("Needs analysed"),
            40,
            _("Write down the pain and what solving it is worth, in the customer's own words and numbers."),
            rotting_days=21,
            needs=("customer", "expected_close_on"),
            colour=2,
        ),
        ReadyStage(
            _("Proposal"),
            60,
            _("Present the offer to everyone who decides. Ask what would keep them from saying yes."),
            forecast=BEST_CASE,
            rotting_days=14,
            needs=("customer", "amount", "expected_close_on"),
            colour=3,
        ),
        ReadyStage(
            _("Negotiation"),
            80,
            _("Give nothing without getting something. Agree a plan with dates up to the signature."),
            forecast=COMMIT,
            rotting_days=10,
            needs=("customer", "amount", "expected_close_on"),
            colour=4,
        ),
        _won(_("Hand over to delivery within a day and thank the people who helped.")),
        _lost(),
    ),
)

SAAS = ReadyPipeline(
    "saas",
    _("Software subscriptions"),
    _("Demo, trial, contract: subscriptions sold to teams and companies."),
    (
        ReadyStage(
            _("Sign-up"),
            5,
            _("Look at what they came for before you call."),
            rotting_days=7,
            colour=7,
        ),
        ReadyStage(
            _("Discovery"),
            15,
            _("Who uses it, for what, instead of what? What happens if they do nothing?"),
            rotting_days=10,
            needs=("customer",),
            colour=1,
        ),
        ReadyStage(
            _("Demo"),
            30,
            _("Show their own case, not the product tour. Leave with a date for the trial."),
            rotting_days=10,
            needs=("customer",),
            colour=2,
        ),
        ReadyStage(
            _("Trial"),
            50,
            _("Agree in writing what the trial has to show, and look at its use after two and seven days."),
            forecast=BEST_CASE,
            rotting_days=14,
            needs=("customer", "expected_close_on"),
            colour=3,
        ),
        ReadyStage(
            _("Security and contract"),
            75,
            _("Start legal and security checks early; send answers to the usual questions before they ask."),
            forecast=COMMIT,
            rotting_days=14,
            needs=("customer", "amount", "expected_close_on"),
            colour=4,
        ),
        _won(_("Book the first session with the users; the renewal starts today.")),
        _lost(),
    ),
)

SERVICES = ReadyPipeline(
    "services",
    _("Professional services"),
    _("Projects and advice: from the enquiry to the signed statement of work."),
    (
        ReadyStage(
            _("Enquiry"),
            10,
            _("Answer within a day. Decline kindly what we should not do."),
            rotting_days=7,
            needs=("customer",),
            colour=7,
        ),
        ReadyStage(
            _("Scoping"),
            30,
            _("Agree the result, not the hours: what is different when we are done?"),
            rotting_days=14,
            needs=("customer",),
            colour=1,
        ),
        ReadyStage(
            _("Estimate"),
            50,
            _("Give three options with different scope. Check that the right people are free."),
            forecast=BEST_CASE,
            rotting_days=14,
            needs=("customer", "amount"),
            colour=3,
        ),
        ReadyStage(
            _("Statement of work"),
            80,
            _("Walk through assumptions and changes line by line before it is signed."),
            forecast=COMMIT,
            rotting_days=10,
            needs=("customer", "amount", "expected_close_on"),
            colour=4,
        ),
        _won(_("Plan the kick-off and name the project lead.")),
        _lost(),
    ),
)

WHOLESALE = ReadyPipeline(
    "wholesale",
    _("E-commerce wholesale"),
    _("Retailers and marketplaces: samples, terms and the first order."),
    (
        ReadyStage(
            _("Interested buyer"),
            10,
            _("Which shops, which shelves, which price points? Check their reviews."),
            rotting_days=10,
            colour=7,
        ),
        ReadyStage(
            _("Samples sent"),
            25,
            _("Note the parcel number and call two days after it arrived."),
            rotting_days=14,
            needs=("customer",),
            colour=1,
        ),
        ReadyStage(
            _("Terms agreed"),
            55,
            _("Minimum quantity, discount, payment, returns and delivery are in writing."),
            forecast=BEST_CASE,
            rotting_days=14,
            needs=("customer", "amount"),
            colour=3,
        ),
        ReadyStage(
            _("First order"),
            85,
            _("Credit checked, stock reserved, delivery date confirmed."),
            forecast=COMMIT,
            rotting_days=7,
            needs=("customer", "amount", "expected_close_on"),
            colour=4,
        ),
        _won(_("Ask for the second order when the first has sold for four weeks.")),
        _lost(),
    ),
)

HEALTH_CARE = ReadyPipeline(
    "health",
    _("Health care referrals"),
    _("Referring practices and clinics: from the referral to the first visit."),
    (
        ReadyStage(
            _("Referral received"),
            20,
            _("Thank the referrer the same day. Record only what is needed."),
            rotting_days=3,
            colour=7,
        ),
        ReadyStage(
            _("Contacted"),
            40,
            _("Two attempts by phone, then by letter. Note consent for further contact."),
            rotting_days=7,
            needs=("customer",),
            colour=1,
        ),
        ReadyStage(
            _("Coverage checked"),
            65,
            _("Who pays, from when, and what does the person pay themselves?"),
            forecast=BEST_CASE,
            rotting_days=10,
            needs=("customer",),
            colour=2,
        ),
        ReadyStage(
            _("Visit booked"),
            85,
            _("Send directions and documents; remind the day before."),
            forecast=COMMIT,
            rotting_days=14,
            needs=("customer", "expected_close_on"),
            colour=4,
        ),
        ReadyStage(
            _("First visit done"),
            100,
            _("Report back to the referrer, within the limits of consent."),
            StageKind.WON,
            ForecastCategory.CLOSED,
            colour=0,
        ),
        _lost(_("Say why the visit did not take place.")),
    ),
)

PARTNERSHIP = ReadyPipeline(
    "partnership",
    _("Partnerships"),
    _("Resellers and strategic partners: from the idea to a working agreement."),
    (
        ReadyStage(
            _("Identified"),
            10,
            _("Do our customers overlap? What do both sides win?"),
            rotting_days=30,
            needs=("customer",),
            colour=7,
        ),
        ReadyStage(
            _("First talks"),
            25,
            _("Find a sponsor on their side who gains from it personally."),
            rotting_days=30,
            needs=("customer",),
            colour=1,
        ),
        ReadyStage(
            _("Joint plan"),
            50,
            _("One page: target customers, roles, numbers for the first year, two named owners."),
            forecast=BEST_CASE,
            rotting_days=30,
            needs=("customer", "expected_close_on"),
            colour=2,
        ),
        ReadyStage(
            _("Agreement"),
            80,
            _("Obligations of each side with dates, notice periods, and how it ends."),
            forecast=COMMIT,
            rotting_days=21,
            needs=("customer", "expected_close_on"),
            colour=4,
        ),
        ReadyStage(
            _("Partnership signed"),
            100,
            _("Hold the first joint review within a month."),
            StageKind.WON,
            ForecastCategory.CLOSED,
            colour=0,
        ),
        _lost(),
    ),
)

# What a pipeline begins with that somebody builds from nothing.
BLANK = (ReadyStage(_("First stage"), 10, ""), _won(""), _lost())

READY = (B2B_SALES, SAAS, SERVICES, WHOLESALE, HEALTH_CARE, PARTNERSHIP)
BY_KEY = {pipeline.key: pipeline for pipeline in READY}

# Reason, the finer reasons below it; `OTHER` asks for a note.
OTHER = _("Other")
LOST_REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("Price"), (_("Value not seen"), _("Cheaper offer"), _("Discount refused"))),
    (
        _("Competitor"),
        (_("Stayed with their supplier"), _("Better offer elsewhere"), _("Built it themselves")),
    ),
    (_("Budget"), (_("Budget cut"), _("Not approved"))),
    (
        _("Missing feature"),
        (_("Function missing"), _("Integration missing"), _("Security or certificate missing")),
    ),
    (_("No decision"), (_("Project stopped"), _("Sponsor left"), _("Nobody decided"))),
    (_("No response"), ()),
    (_("Timing"), (_("Too early"), _("Too late"))),
    (_("Poor fit"), (_("Too small"), _("Too large"), _("Wrong market"))),
    (OTHER, ()),
)
