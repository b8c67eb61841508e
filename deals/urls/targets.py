"""Plan and performance."""

from django.urls import path

from deals.views import goals, target_parts, targets

urlpatterns = [
    path("targets/", targets.target_list, name="target_list"),
    path("targets/today/", targets.targets_today, name="targets_today"),
    path("targets/new/", targets.TargetCreate.as_view(), name="target_create"),
    path("targets/goals/", goals.target_goals, name="target_goals"),
    path("targets/proposals/", goals.target_proposals, name="target_proposals"),
    path("targets/<int:pk>/", targets.target_detail, name="target_detail"),
    path("targets/<int:pk>/edit/", targets.TargetUpdate.as_view(), name="target_update"),
    path("targets/<int:pk>/delete/", targets.TargetDelete.as_view(), name="target_delete"),
    path("targets/<int:pk>/plan/new/", target_parts.PlanLineCreate.as_view(), name="planline_create"),
    path("targets/plan/<int:pk>/edit/", target_parts.PlanLineUpdate.as_view(), name="planline_update"),
    path("targets/plan/<int:pk>/delete/", target_parts.PlanLineDelete.as_view(), name="planline_delete"),
    path("targets/plan/<int:pk>/done/", target_parts.planline_done, name="planline_done"),
    path(
        "targets/<int:pk>/improvements/new/",
        target_parts.ImprovementCreate.as_view(),
        name="improvementaction_create",
    ),
    path(
        "targets/improvements/<int:pk>/edit/",
        target_parts.ImprovementUpdate.as_view(),
        name="improvementaction_update",
    ),
    path(
        "targets/improvements/<int:pk>/delete/",
        target_parts.ImprovementDelete.as_view(),
        name="improvementaction_delete",
    ),
]
