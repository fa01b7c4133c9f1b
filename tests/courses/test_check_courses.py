"""`manage.py check_courses`: lists for people and scripts, and the exit code."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from courses.archiving import archive_course
from courses.models import CataloguePage, CoursePage
from tests.factories.pages import make_block, make_course, make_lesson, make_module


@pytest.fixture
def faulty(catalogue: CataloguePage) -> int:
    course = make_course(catalogue, "Asking", summary="How.")
    film = make_block("video", {"title": "Call", "url": "https://cdn.example.com/a.mp4"})
    return make_lesson(make_module(course), "Film", blocks=[film]).pk


def run(*arguments: str) -> tuple[str, str]:
    """What it prints, and how it fails."""
    output = StringIO()
    try:
        call_command("check_courses", *arguments, stdout=output)
    except CommandError as error:
        return output.getvalue(), str(error)
    return output.getvalue(), ""


def test_errors_are_listed_and_fail(faulty: int) -> None:
    output, failure = run()
    course_id = CoursePage.objects.get().pk
    complaint = "Add captions (a WebVTT file) or a transcript, for those who cannot hear it."
    assert output.splitlines() == [
        "asking: 1 errors, 1 warnings",
        f"  Asking (page {course_id})",
        "    warning  catalogue_card     Choose a cover: the catalogue shows a drawn one until there is.",
        f"  Film (page {faulty})",
        f"    error    captions           Block 1 (video “Call”): {complaint}",
    ]
    assert failure == "1 to mend in 1 of 1 courses."


def test_warnings_fail_only_when_asked_to(catalogue: CataloguePage) -> None:
    make_course(catalogue, "Fine")
    assert run("fine")[1] == ""
    assert run("fine", "--fail-on", "warning")[1] == "3 to mend in 1 of 1 courses."


def test_json_has_every_finding(faulty: int) -> None:
    output, failure = run("--json", "asking")
    [course] = json.loads(output)["courses"]
    assert (course["course"], [finding["code"] for finding in course["findings"]]) == (
        "asking",
        ["catalogue_card", "captions"],
    )
    assert (course["findings"][1]["page_id"], failure != "") == (faulty, True)


def test_archived_courses_are_checked_only_by_name(catalogue: CataloguePage) -> None:
    archive_course(course=make_course(catalogue, "Old"), by=None)
    assert run() == ("There are no courses to check.\n", "")
    assert run("old")[0].startswith("old: 0 errors, 3 warnings")


def test_unknown_slugs_are_named(catalogue: CataloguePage) -> None:
    make_course(catalogue, "Fine")
    assert run("fine", "nope", "neither") == ("", "there is no course with the slug neither, nope.")
