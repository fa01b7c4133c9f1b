"""Every endpoint of API v1 on one screen."""

from django.urls import path, re_path

from api.v1 import (
    attempts,
    certificates,
    courses,
    dashboard,
    documentation,
    enrolments,
    evidence,
    fallback,
    lessons,
    me,
    progress,
    team,
)

urlpatterns = [
    path("courses/", courses.CourseListView.as_view(), name="api-courses"),
    path("courses/<slug:slug>/", courses.CourseDetailView.as_view(), name="api-course"),
    path("courses/<slug:slug>/outline/", courses.OutlineView.as_view(), name="api-outline"),
    path("lessons/<uuid:lesson_id>/", lessons.LessonView.as_view(), name="api-lesson"),
    path("enrolments/", enrolments.EnrolmentListView.as_view(), name="api-enrolments"),
    path("enrolments/<int:enrolment_id>/", enrolments.EnrolmentDetailView.as_view(), name="api-enrolment"),
    path("enrolments/<int:enrolment_id>/outline/", enrolments.EnrolmentOutlineView.as_view(), name="api-study-outline"),
    path("enrolments/<int:enrolment_id>/evidence/", evidence.EvidenceView.as_view(), name="api-evidence"),
    path("enrolments/<int:enrolment_id>/extensions/", team.ExtensionsView.as_view(), name="api-extensions"),
    path("enrolments/<int:enrolment_id>/renew/", enrolments.RenewView.as_view(), name="api-renew"),
    path("enrolments/<int:enrolment_id>/progress/", progress.ProgressView.as_view(), name="api-progress"),
    path("attempts/", attempts.AttemptListView.as_view(), name="api-attempts"),
    path("attempts/<uuid:attempt_id>/", attempts.AttemptView.as_view(), name="api-attempt"),
    path("attempts/<uuid:attempt_id>/answers/", attempts.AnswersView.as_view(), name="api-attempt-answers"),
    path("attempts/<uuid:attempt_id>/submit/", attempts.SubmitView.as_view(), name="api-attempt-submit"),
    path("certificates/", certificates.CertificateListView.as_view(), name="api-certificates"),
    path("certificates/verify/", certificates.CertificateFileView.as_view(), name="api-certificate-file"),
    path("certificates/<str:number>/", certificates.CertificateView.as_view(), name="api-certificate"),
    path("certificates/<str:number>/pdf", certificates.CertificatePdfView.as_view(), name="api-certificate-pdf"),
    path("certificates/<str:number>/share/", certificates.CertificateShareView.as_view(), name="api-certificate-share"),
    path("team/", team.TeamView.as_view(), name="api-team"),
    path("me/", me.MeView.as_view(), name="api-me"),
    path("me/calendar/", me.CalendarView.as_view(), name="api-calendar"),
    path("me/dashboard/", dashboard.DashboardView.as_view(), name="api-dashboard"),
    path("openapi.json", documentation.show_schema, name="api-schema"),
    path("docs/", documentation.DocsView.as_view(url_name="api-schema"), name="api-docs"),
    path("docs/problems/", documentation.list_problems, name="api-problems"),
    re_path(r"^[\s\S]*\Z", fallback.answer_unknown),
]
