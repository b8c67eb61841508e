"""People on deals, competitors, objections, close plans and win/loss reviews."""

from django.urls import path

from core.views.exports import export_list
from deals.views import close_plan, competition, objections, public_close_plan, reviews, stakeholders

urlpatterns = [
    path("deals/<int:pk>/people/", stakeholders.deal_people, name="deal_people"),
    path("deals/<int:pk>/people/new/", stakeholders.PersonCreate.as_view(), name="dealcontact_create"),
    path("deals/people/<int:pk>/edit/", stakeholders.PersonUpdate.as_view(), name="dealcontact_update"),
    path("deals/people/<int:pk>/delete/", stakeholders.PersonDelete.as_view(), name="dealcontact_delete"),
    path("competitors/", competition.CompetitorList.as_view(), name="competitor_list"),
    path("competitors/export/", export_list, {"spec_key": "competitors"}, name="competitor_export"),
    path("competitors/options/", competition.competitor_options, name="competitor_options"),
    path("competitors/new/", competition.CompetitorCreate.as_view(), name="competitor_create"),
    path("competitors/<int:pk>/", competition.CompetitorDetail.as_view(), name="competitor_detail"),
    path("competitors/<int:pk>/edit/", competition.CompetitorUpdate.as_view(), name="competitor_update"),
    path("competitors/<int:pk>/delete/", competition.CompetitorDelete.as_view(), name="competitor_delete"),
    path("deals/<int:pk>/competitors/", competition.deal_competition, name="deal_competition"),
    path(
        "deals/<int:pk>/competitors/new/",
        competition.DealCompetitorCreate.as_view(),
        name="dealcompetitor_create",
    ),
    path(
        "deals/competitors/<int:pk>/edit/",
        competition.DealCompetitorUpdate.as_view(),
        name="dealcompetitor_update",
    ),
    path(
        "deals/competitors/<int:pk>/delete/",
        competition.DealCompetitorDelete.as_view(),
        name="dealcompetitor_delete",
    ),
    path("deals/competitors/<int:pk>/lost-to/", competition.lost_to, name="dealcompetitor_lost_to"),
    path("objections/", objections.ObjectionList.as_view(), name="objection_list"),
    path("objections/export/", export_list, {"spec_key": "objections"}, name="objection_export"),
    path("objections/new/", objections.ObjectionCreate.as_view(), name="objection_create"),
    path("objections/<int:pk>/", objections.ObjectionDetail.as_view(), name="objection_detail"),
    path("objections/<int:pk>/edit/", objections.ObjectionUpdate.as_view(), name="objection_update"),
    path("objections/<int:pk>/delete/", objections.ObjectionDelete.as_view(), name="objection_delete"),
    path(
        "objections/<int:pk>/answers/new/", objections.AnswerCreate.as_view(), name="objectionanswer_create"
    ),
    path(
        "objections/answers/<int:pk>/edit/", objections.AnswerUpdate.as_view(), name="objectionanswer_update"
    ),
    path(
        "objections/answers/<int:pk>/delete/",
        objections.AnswerDelete.as_view(),
        name="objectionanswer_delete",
    ),
    path("deals/<int:pk>/objections/", objections.deal_objections, name="deal_objections"),
    path("deals/<int:pk>/objections/new/", objections.objection_log, name="dealobjection_create"),
    path(
        "deals/objections/<int:pk>/edit/",
        objections.DealObjectionUpdate.as_view(),
        name="dealobjection_update",
    ),
    path(
        "deals/objections/<int:pk>/delete/",
        objections.DealObjectionDelete.as_view(),
        name="dealobjection_delete",
    ),
    path("deals/objections/<int:pk>/settle/", objections.objection_settle, name="dealobjection_settle"),
    path("deals/<int:pk>/plan/", close_plan.deal_close_plan, name="deal_close_plan"),
    path("deals/<int:pk>/plan/new/", close_plan.StepCreate.as_view(), name="closeplanstep_create"),
    path("deals/<int:pk>/plan/usual/", close_plan.usual_steps, name="close_plan_usual"),
    path("deals/<int:pk>/plan/share/", close_plan.plan_share, name="close_plan_share"),
    path("deals/<int:pk>/plan/withdraw/", close_plan.plan_withdraw, name="close_plan_withdraw"),
    path("deals/plan/<int:pk>/edit/", close_plan.StepUpdate.as_view(), name="closeplanstep_update"),
    path("deals/plan/<int:pk>/delete/", close_plan.StepDelete.as_view(), name="closeplanstep_delete"),
    path("deals/plan/<int:pk>/done/", close_plan.step_done, name="closeplanstep_done"),
    path("p/<str:secret>/", public_close_plan.public_close_plan, name="public_close_plan"),
    path("deals/<int:pk>/review/", reviews.deal_review, name="deal_review"),
    path("deals/<int:pk>/review/new/", reviews.ReviewCreate.as_view(), name="winlossreview_create"),
    path("deals/reviews/", reviews.review_report, name="review_report"),
    path("deals/reviews/<int:pk>/edit/", reviews.ReviewUpdate.as_view(), name="winlossreview_update"),
    path("deals/reviews/<int:pk>/delete/", reviews.ReviewDelete.as_view(), name="winlossreview_delete"),
]
