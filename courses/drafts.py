"""A whole course as its latest drafts have it, compiled by the same code as editions. Nothing is stored."""

from typing import Any, cast

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.editions.canonical import sha256_hex
from courses.editions.documents import Outline
from courses.editions.drafts import read_draft_tree
from courses.editions.gates import CompileError
from courses.editions.models import CourseState
from courses.editions.releasing import compile_candidate
from courses.models.course import CoursePage
from courses.models.lesson import LessonPage
from courses.models.preview_links import PreviewLink

# What no edition has yet. A number tells clients that keep outlines that this one is not to be kept.
DRAFT_NUMBER = 0


class DraftError(Exception):
    """The drafts do not fit together yet; the message says why."""


def get_draft(link: PreviewLink) -> CoursePage | LessonPage:
    """The page a link opens as its draft has it: the draft the link was made for, or the latest."""
    if link.revision_id is not None:
        return cast(CoursePage | LessonPage, link.revision.as_object())  # type: ignore[union-attr]
    return cast(CoursePage | LessonPage, link.page.specific.get_latest_revision_as_object())


def get_draft_lesson(course: CoursePage, lesson_id: str) -> LessonPage:
    """A lesson of the course as its latest draft has it. Raises ``Http404``."""
    found = _offered(course, LessonPage.objects.all()).filter(translation_key=lesson_id).first()
    if found is None:
        raise Http404(_("There is no such lesson in this preview."))
    return cast(LessonPage, found.get_latest_revision_as_object())


def compile_draft_outline(course: CoursePage) -> Outline:
    """The outline the course would have if everything in it were published now. A fixed number of queries, and only
    what differs from the edition in force is rendered. Raises ``DraftError``."""
    changed = Q(has_unpublished_changes=True) | Q(live=False)
    drafts = _offered(course, Page.objects.filter(changed)).values_list("pk", flat=True)
    state = CourseState.objects.filter(course_id=course.pk).select_related("edition").first()
    try:
        candidate = compile_candidate(course, state.edition if state else None, tree=read_draft_tree(course, drafts))
    except CompileError as error:
        raise DraftError(str(error)) from error
    moment = course.latest_revision_created_at or course.last_published_at
    edition = {
        "number": DRAFT_NUMBER,
        "digest": sha256_hex(candidate.outline_text),
        "created_at": moment.isoformat().replace("+00:00", "Z") if moment else "",
    }
    return cast(Outline, {"edition": edition, **candidate.compiled.outline})


def _offered(course: CoursePage, pages: Any) -> Any:
    """Of these pages, what is live below the course and what was never published; what somebody took back is not part
    of the draft. A course that is no longer live is shown with everything it has."""
    below = pages.descendant_of(course)
    return below.exclude(live=False, first_published_at__isnull=False) if course.live else below
