"""What releases changed, for those who study the course."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.editions.diff import BlockChange
from courses.editions.releasing import compare_editions
from courses.releases.describing import describe_changes
from courses.releases.queries import get_release, list_releases
from learners.views.languages import make_changes_url
from learners.views.personal import personal
from learners.views.study import Study, find_study

PER_PAGE = 20


@require_safe
@personal
def show_releases(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    study = find_study(request, slug, language)
    releases = list_releases(study.state.course_key, study.edition.language)
    page = Paginator(releases, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "learning/releases.html", _context(study) | {"page": page, "releases": page.object_list})


@require_safe
@personal
def show_release(request: HttpRequest, slug: str, number: int, language: str = "") -> HttpResponse:
    study = find_study(request, slug, language)
    release = get_release(study.state.course_key, study.edition.language, number)
    if release is None or release.previous is None:
        raise Http404
    found = compare_editions(release.previous, release.edition)
    changes = describe_changes(found, is_shown=lambda block: _may_show(study, block))
    return render(request, "learning/release.html", _context(study) | {"release": release, "changes": changes})


def _context(study: Study) -> dict[str, object]:
    facts = study.outline["course"]
    return {
        "course_title": facts["title"],
        "course_url": study.url,
        "changes_url": make_changes_url(study.state),
        "edition": study.edition,
    }


def _may_show(study: Study, block: BlockChange) -> bool:
    """What one may not read in the lesson one may not read here: locked lessons, and parts whose time runs from when
    they are first opened. A lesson that this learner's edition does not have is read where it is, if at all."""
    if not study.access.is_allowed or block.lesson_id not in study.course.lessons:
        return False
    versions = (block.before or {}, block.after or {})
    if any(version.get("time_limit") for version in versions):
        return False
    return study.locks is None or study.locks.find(block.lesson_id) is None
