"""Pages that belong to no kind of record: history, undo, trash, background work."""

from django.urls import path

from core.views import exports, history, imports, jobs, saved_views

app_name = "core"
urlpatterns = [
    path("history/", history.change_set_list, name="change_set_list"),
    path("history/<int:pk>/", history.change_set_detail, name="change_set_detail"),
    path("history/<int:pk>/undo/", history.change_set_undo, name="change_set_undo"),
    path("trash/", history.trash_list, name="trash_list"),
    path("trash/<slug:kind>/<int:pk>/restore/", history.trash_restore, name="trash_restore"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<int:pk>/", jobs.job_detail, name="job_detail"),
    path("jobs/<int:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_upload, name="import_upload"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/read/", imports.import_read, name="import_read"),
    path("imports/<int:pk>/columns/", imports.import_map, name="import_map"),
    path("imports/<int:pk>/values/", imports.import_values, name="import_values"),
    path("imports/<int:pk>/check/", imports.import_check, name="import_check"),
    path("imports/<int:pk>/run/", imports.import_run, name="import_run"),
    path("imports/<int:pk>/resume/", imports.import_resume, name="import_resume"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<int:pk>/not-imported/", imports.import_failed, name="import_failed"),
    path("exports/<int:pk>/", exports.export_detail, name="export_detail"),
    path("exports/<int:pk>/download/", exports.export_download, name="export_download"),
    path("views/<slug:page>/", saved_views.saved_view_list, name="saved_view_list"),
    path("views/<slug:page>/new/", saved_views.saved_view_create, name="saved_view_create"),
    path("views/<int:pk>/edit/", saved_views.saved_view_update, name="saved_view_update"),
    path("views/<int:pk>/delete/", saved_views.saved_view_delete, name="saved_view_delete"),
]
