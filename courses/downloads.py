"""Courses as files for editors: a course pack of the latest drafts, from the page's menu in the admin."""

import tempfile
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from courses.models.course import CoursePage
from courses.packs.errors import PackError
from courses.packs.export import export_course
from courses.packs.targets import write_zip_to


@require_safe
def download_pack(request: HttpRequest, page_id: int) -> HttpResponse | FileResponse:
    """A zip of the course as its editor sees it, keys included; for whoever may edit the course."""
    course = get_object_or_404(CoursePage, pk=page_id)
    if not course.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    # The file leaves the disk when the response is closed.
    file = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115
    try:
        export = export_course(course, draft=True)
        write_zip_to(export, file)
    except (PackError, OSError) as error:
        file.close()
        messages.error(request, _("This course cannot be downloaded: %(reason)s") % {"reason": error})
        return redirect("wagtailadmin_pages:edit", course.pk)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{export.slug}.zip", content_type="application/zip")


def pack_buttons(page: Page, user: Any) -> Iterator[Button]:
    """The entry in the menu of a course that this person may edit."""
    if page.specific_class is CoursePage and page.permissions_for_user(user).can_edit():
        yield Button(
            _("Download course pack"),
            reverse("courses_download_pack", args=[page.pk]),
            icon_name="folder-inverse",
            priority=68,
        )


urlpatterns = [path("courses/<int:page_id>/pack.zip", download_pack, name="courses_download_pack")]
