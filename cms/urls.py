"""The whole URL space on one screen; Wagtail's catch-all comes last."""

from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.images.views.serve import ServeView

from api.errors import not_found
from certificates import credential_views
from certificates.sharing import views as gallery
from cms import entrance, health, language_urls, styleguide
from cms.dashboards.people import OwnAccountView
from courses import files
from learners.views import courses, lessons, preview

urlpatterns = [
    # Editing. One door: Wagtail's own login pages, of the admin and of private pages, lead to the site's.
    path("admin/login/", entrance.lead_to_login),
    path("_util/login/", entrance.lead_to_login),
    path("admin/account/", require_admin_access(OwnAccountView.as_view())),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # People
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("learn/certificates/", gallery.show_gallery, name="certificate-gallery"),
    path("learn/", include("learners.urls")),
    path("team/", include("learners.team_urls")),
    # Study: lessons are found in editions, not in the page tree (docs/decisions/0004)
    path("courses/<slug:course_slug>/", courses.show_course, name="course"),
    path("courses/<slug:course_slug>/<slug:module_slug>/", courses.show_module, name="module"),
    path("courses/<slug:course_slug>/<slug:module_slug>/<slug:lesson_slug>/", lessons.show_lesson, name="lesson"),
    # The same in other languages (docs/decisions/0016)
    path("<language:language>/courses/<slug:course_slug>/", courses.show_course, name="course"),
    path("<language:language>/courses/<slug:course_slug>/<slug:module_slug>/", courses.show_module, name="module"),
    path(
        "<language:language>/courses/<slug:course_slug>/<slug:module_slug>/<slug:lesson_slug>/",
        lessons.show_lesson,
        name="lesson",
    ),
    path("preview/", preview.show_preview, name="preview"),
    # Proof
    path("certificates/", include("certificates.urls")),
    path("credentials/status/<int:number>", credential_views.show_status_list, name="credential-status"),
    path(".well-known/did.json", credential_views.show_did, name="did"),
    path("evidence/", include("certificates.evidence.urls")),
    # Files
    path("files/private/<path:path>", files.serve_private, name="private-file"),
    path("files/<str:token>/<str:name>", files.serve_file, name="file"),
    re_path(r"^images/([^/]*)/(\d*)/([^/]*)/[^/]*$", ServeView.as_view(), name="wagtailimages_serve"),
    path("media/<path:path>", files.serve_public, name="public-file"),
    # Machines
    path("api/v1/", include("api.v1.urls")),
    re_path(r"^api/", not_found),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("styleguide/", styleguide.show_styleguide, name="styleguide"),
]

if settings.DEBUG:
    urlpatterns += staticfiles_urlpatterns()

urlpatterns += [
    path("<language:language>/", language_urls.show_page),
    path("<language:language>/<path:path>", language_urls.show_page),
    path("", include(wagtail_urls)),
]
