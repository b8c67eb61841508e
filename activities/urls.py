"""Paths of the relationship history."""

from django.urls import path

from activities.views import activities, attachments, cadence, calendar, deals, tasks, timeline, today

app_name = "activities"

urlpatterns = [
    path("", today.today, name="today"),
    path("customers/<int:pk>/timeline/", timeline.timeline, name="timeline"),
    path("customers/<int:pk>/activities/", timeline.log, name="activity_log"),
    path("customers/<int:pk>/planned/", timeline.planned, name="planned"),
    path("customers/<int:pk>/cadence/", cadence.plan, name="cadence_plan"),
    path("customers/<int:pk>/next-step/", tasks.plan_step, name="customer_next_step"),
    path("contacts/<int:pk>/timeline/", timeline.contact_history, name="contact_timeline"),
    path("contacts/<int:pk>/activities/", timeline.contact_log, name="contact_log"),
    path("deals/<int:pk>/timeline/", timeline.deal_history, name="deal_timeline"),
    path("deals/<int:pk>/activities/", timeline.deal_log, name="deal_log"),
    path("deals/<int:pk>/planned/", deals.planned, name="deal_planned"),
    path("deals/<int:pk>/next-step/", deals.plan_step, name="deal_next_step"),
    path("activities/", activities.activity_list, name="activity_list"),
    path("activities/new/", activities.create, name="activity_create"),
    path("activities/customers/", activities.customer_options, name="customer_options"),
    path("activities/<int:pk>/", activities.ActivityUpdate.as_view(), name="activity_update"),
    path("activities/<int:pk>/delete/", activities.delete, name="activity_delete"),
    path("activities/<int:pk>/handled/", activities.handled, name="activity_handled"),
    path("activities/<int:pk>/files/", attachments.create, name="attachment_create"),
    path("attachments/<int:pk>/", attachments.download, name="attachment_download"),
    path("attachments/<int:pk>/delete/", attachments.delete, name="attachment_delete"),
    path("tasks/", tasks.task_list, name="task_list"),
    path("tasks/new/", tasks.create, name="task_create"),
    path("tasks/<int:pk>/", tasks.TaskUpdate.as_view(), name="task_update"),
    path("tasks/<int:pk>/complete/", tasks.complete, name="task_complete"),
    path("tasks/<int:pk>/reopen/", tasks.reopen, name="task_reopen"),
    path("tasks/<int:pk>/postpone/", tasks.postpone, name="task_postpone"),
    path("tasks/<int:pk>/delete/", tasks.delete, name="task_delete"),
    path("cadence/", cadence.cadence_list, name="cadence_list"),
    path("cadence/<int:pk>/postpone/", cadence.postpone, name="cadence_postpone"),
    path("cadence/<int:pk>/stop/", cadence.stop, name="cadence_stop"),
    path("calendar/", calendar.links, name="calendar_links"),
    path("calendar/<int:pk>/revoke/", calendar.revoke, name="calendar_link_revoke"),
    path("calendar/<str:secret>.ics", calendar.feed, name="calendar_feed"),
]
