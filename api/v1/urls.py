"""Every endpoint of API v1 on one screen."""

from django.urls import path, re_path

from api.v1 import courses, documentation, fallback, me

urlpatterns = [
    path("courses/", courses.CourseListView.as_view(), name="api-courses"),
    path("courses/<slug:slug>/", courses.CourseDetailView.as_view(), name="api-course"),
    path("courses/<slug:slug>/outline/", courses.OutlineView.as_view(), name="api-outline"),
    path("me/", me.MeView.as_view(), name="api-me"),
    path("openapi.json", documentation.OpenApiView.as_view(), name="api-schema"),
    path("docs/", documentation.DocsView.as_view(url_name="api-schema"), name="api-docs"),
    path("docs/problems/", documentation.list_problems, name="api-problems"),
    re_path(r"^(?P<rest>.*)$", fallback.answer_unknown),
]
