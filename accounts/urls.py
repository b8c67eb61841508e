"""Pages about people and access."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views import entrance, notifications, people, profile, settings, teams

app_name = "accounts"

urlpatterns = [
    path("welcome/", entrance.welcome, name="welcome"),
    path("invitation/<str:token>/", entrance.invitation_accept, name="invitation_accept"),
    # Pages of the log-in package that ours replace: nobody changes their own e-mail address.
    path("accounts/email/", RedirectView.as_view(pattern_name="accounts:preferences")),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="accounts:session_list")),
    path("profile/", profile.preferences, name="preferences"),
    path("profile/appearance/", profile.appearance_update, name="appearance_update"),
    path("profile/language/", profile.language_update, name="language_update"),
    path("profile/sessions/", profile.session_list, name="session_list"),
    path("profile/sessions/end-all/", profile.session_end_all, name="session_end_all"),
    path("profile/sessions/<int:pk>/end/", profile.session_end, name="session_end"),
    path(
        "profile/notifications/",
        notifications.notification_preferences,
        name="notification_preferences",
    ),
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/bell/", notifications.notification_bell, name="notification_bell"),
    path(
        "notifications/read-all/",
        notifications.notification_read_all,
        name="notification_read_all",
    ),
    path("notifications/<int:pk>/open/", notifications.notification_open, name="notification_open"),
    path("notifications/<int:pk>/read/", notifications.notification_read, name="notification_read"),
    path("settings/organisation/", settings.organisation, name="organisation"),
    path("settings/visibility/", settings.visibility, name="visibility"),
    path("settings/visibility/check/", settings.access_report, name="access_report"),
    path("settings/security-log/", settings.audit_list, name="audit_list"),
    path("settings/people/", people.user_list, name="user_list"),
    path("settings/people/invite/", people.user_invite, name="user_invite"),
    path("settings/people/<int:pk>/", people.user_update, name="user_update"),
    path("settings/people/<int:pk>/invite-again/", people.user_invite_again, name="user_invite_again"),
    path("settings/people/<int:pk>/deactivate/", people.user_deactivate, name="user_deactivate"),
    path("settings/people/<int:pk>/hand-over/", people.user_hand_over, name="user_hand_over"),
    path("settings/people/<int:pk>/reactivate/", people.user_reactivate, name="user_reactivate"),
    path(
        "settings/people/<int:pk>/reset-second-step/",
        people.user_reset_second_step,
        name="user_reset_second_step",
    ),
    path("settings/people/<int:pk>/sign-out/", people.user_sign_out, name="user_sign_out"),
    path("settings/teams/", teams.team_list, name="team_list"),
    path("settings/teams/new/", teams.team_create, name="team_create"),
    path("settings/teams/<int:pk>/", teams.team_update, name="team_update"),
    path("settings/teams/<int:pk>/delete/", teams.team_delete, name="team_delete"),
]
