"""Addresses under /learn/. Courses and lessons themselves live under /courses/, see cms/urls.py."""

from django.urls import path

from learners.views import account, attempts, calendars, changes, enrolments, home, languages, progress

urlpatterns = [
    path("", home.show_home, name="learner-home"),
    path("profile/", account.edit_profile, name="profile"),
    path("calendar/", calendars.edit_calendar, name="calendar"),
    path("calendar/<str:token>.ics", calendars.serve_feed, name="calendar-feed"),
    path("enrol/<slug:slug>/", enrolments.enrol_learner, name="enrol"),
    path("changes/<slug:slug>/", changes.show_releases, name="course-changes"),
    path("changes/<slug:slug>/<int:number>/", changes.show_release, name="course-change"),
    path("changes/<str:language>/courses/<slug:slug>/", changes.show_releases, name="course-changes"),
    path("changes/<str:language>/courses/<slug:slug>/<int:number>/", changes.show_release, name="course-change"),
    path("enrol/<str:language>/<slug:slug>/", enrolments.enrol_learner, name="enrol"),
    path("enrolments/<int:enrolment_id>/language/", languages.change_language, name="switch-language"),
    path("renew/<int:enrolment_id>/", enrolments.renew_enrolment, name="renew"),
    path("delta/<int:enrolment_id>/", enrolments.open_delta, name="delta"),
    path("continue/<int:enrolment_id>/", enrolments.continue_course, name="continue"),
    path("enrolments/<int:enrolment_id>/progress/", progress.receive_progress, name="progress"),
    path(
        "lessons/<int:enrolment_id>/<uuid:lesson_id>/complete/", progress.mark_lesson_complete, name="lesson-complete"
    ),
    path(
        "lessons/<int:enrolment_id>/<uuid:lesson_id>/blocks/<uuid:block_id>/start/",
        progress.start_block,
        name="block-start",
    ),
    path(
        "lessons/<int:enrolment_id>/<uuid:lesson_id>/blocks/<uuid:block_id>/complete/",
        progress.mark_block_complete,
        name="block-complete",
    ),
    path("attempts/open/", attempts.start_attempt, name="attempt-open"),
    path("attempts/<uuid:attempt_id>/", attempts.show_attempt, name="attempt"),
    path("attempts/<uuid:attempt_id>/save/", attempts.save_attempt, name="attempt-save"),
    path("attempts/<uuid:attempt_id>/submit/", attempts.hand_in_attempt, name="attempt-submit"),
]
