"""Settings of sales: pipelines, stages and lost reasons."""

from django.urls import path

from deals.views import pipelines as views

urlpatterns = [
    path("pipelines/", views.pipeline_list, name="pipeline_list"),
    path("pipelines/new/", views.PipelineCreate.as_view(), name="pipeline_create"),
    path("pipelines/ready/", views.pipeline_ready, name="pipeline_ready"),
    path("pipelines/<int:pk>/", views.pipeline_detail, name="pipeline_detail"),
    path("pipelines/<int:pk>/edit/", views.PipelineUpdate.as_view(), name="pipeline_update"),
    path("pipelines/<int:pk>/act/", views.pipeline_act, name="pipeline_act"),
    path("pipelines/<int:pk>/delete/", views.PipelineDelete.as_view(), name="pipeline_delete"),
    path("pipelines/<int:pk>/stages/new/", views.StageCreate.as_view(), name="stage_create"),
    path("stages/<int:pk>/edit/", views.StageUpdate.as_view(), name="stage_update"),
    path("stages/<int:pk>/shift/", views.stage_shift, name="stage_shift"),
    path("stages/<int:pk>/remove/", views.stage_remove, name="stage_remove"),
    path("lost-reasons/", views.lostreason_list, name="lostreason_list"),
    path("lost-reasons/new/", views.LostReasonCreate.as_view(), name="lostreason_create"),
    path("lost-reasons/<int:pk>/edit/", views.LostReasonUpdate.as_view(), name="lostreason_update"),
    path("lost-reasons/<int:pk>/shift/", views.lostreason_shift, name="lostreason_shift"),
    path("lost-reasons/<int:pk>/delete/", views.LostReasonDelete.as_view(), name="lostreason_delete"),
]
