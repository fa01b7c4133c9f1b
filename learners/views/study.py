"""Finds what a course address means to one person, and arranges the outline for the templates."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.delivery import deliver_image
from courses.editions.documents import CourseFacts, Outline, OutlineLesson, OutlineModule
from courses.editions.models import CourseState, Edition
from courses.editions.queries import find_path, get_state, get_versions
from learners.accounts.queries import get_zone
from learners.enrolments.access import course_access
from learners.enrolments.deadlines import days_until
from learners.enrolments.locks import Access, LessonLocks, Standing, walk_lessons
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import get_enrolment
from learners.enrolments.reasons import DueView
from learners.enrolments.renewing import Renewal
from learners.enums import ProgressState
from learners.progress.arithmetic import CourseMap, Unit, minutes_left
from learners.progress.queries import BlockRow, LessonState, get_course_map, lesson_states, list_block_rows, standing_of
from learners.progress.resuming import find_next_lesson
from learners.progress.services import follow_current_edition
from learners.views.cards import EnrolmentCard, LessonRow, ModuleRow


@dataclass
class Study:
    """A course as one person meets it: their enrolment if any, the edition they read, and what they may do."""

    request: HttpRequest
    state: CourseState
    enrolment: Enrolment | None
    edition: Edition
    access: Access
    rows: dict[Unit, BlockRow]
    studied_at: str = ""  # where the course is in the language it is studied in, if that is another one

    @property
    def course(self) -> CourseMap:
        return get_course_map(self.edition.pk, self.edition.digest)

    @property
    def outline(self) -> Outline:
        return self.course.outline

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.rows)

    @cached_property
    def lesson_states(self) -> dict[str, LessonState]:
        return lesson_states(self.enrolment, self.outline, standing=self.standing, course=self.course)

    @cached_property
    def locks(self) -> LessonLocks | None:
        """Locks bind everybody but staff; visitors of open courses are bound by dates alone."""
        if self.access.code != "ok":
            return None
        enrolled_at = self.enrolment.enrolled_at if self.enrolment is not None else None
        return LessonLocks(self.outline, self.standing, enrolled_at=enrolled_at, now=timezone.now())

    @property
    def url(self) -> str:
        return self.state.path

    def note_opened(self, lesson_id: str) -> None:
        """The lesson is being opened right now, after these rows were read."""
        self.rows.setdefault((lesson_id, lesson_id), BlockRow(ProgressState.IN_PROGRESS, 0.0, None))
        for outdated in ("standing", "lesson_states", "locks"):
            self.__dict__.pop(outdated, None)

    def lesson_url(self, lesson_id: str) -> str | None:
        for module, lesson in walk_lessons(self.outline):
            if lesson["id"] == lesson_id:
                return lesson_url(self.state.path, module, lesson)
        return None


def find_study(request: HttpRequest, slug: str, language: str = "") -> Study:
    """Raises ``Http404`` for courses that do not exist for this person. An unfinished enrolment moves with the
    course: opening it is when the learner gets the edition in force.

    It is studied in one language at a time: addresses in others have ``studied_at``. What is completed may be read in
    any language.
    """
    state = get_state(slug, language)
    if state is None:
        raise Http404
    enrolment = get_enrolment(request.user, state.course_key)
    is_elsewhere = enrolment is not None and enrolment.edition.language != state.language
    studied_at = ""
    if enrolment is not None and is_elsewhere and enrolment.state != ProgressState.COMPLETED:
        studied_at = find_path(get_versions([enrolment.edition]), enrolment.edition)
    elif enrolment is not None:
        enrolment = follow_current_edition(enrolment, state)
    edition = enrolment.edition if enrolment is not None and not is_elsewhere else state.edition
    if edition is None or (is_elsewhere and not state.is_offered):
        raise Http404
    outline = get_course_map(edition.pk, edition.digest).outline
    access = course_access(request.user, state, outline, enrolment)
    if access.code == "not_found":
        raise Http404
    return Study(request, state, enrolment, edition, access, list_block_rows(enrolment), studied_at)


def lesson_url(course_path: str, module: OutlineModule, lesson: OutlineLesson) -> str:
    """Built from the course's present address: an old edition knows only the one of its time."""
    return f"{course_path}{module['slug']}/{lesson['slug']}/"


def make_outline_rows(study: Study, current_lesson_id: str | None = None) -> list[ModuleRow]:
    states = study.lesson_states
    base = study.url
    modules = []
    for module in study.outline["modules"]:
        lessons = []
        for lesson in module["lessons"]:
            lock = study.locks.find(lesson["id"]) if study.locks else None
            can_open = study.access.is_allowed and lock is None
            lessons.append(
                LessonRow(
                    id=lesson["id"],
                    title=lesson["title"],
                    url=f"{base}{module['slug']}/{lesson['slug']}/" if can_open else None,
                    minutes=lesson["minutes"],
                    kinds=lesson["kinds"],
                    state=states[lesson["id"]].state,
                    is_locked=lock is not None,
                    lock_reason=lock.message if lock else "",
                    is_current=lesson["id"] == current_lesson_id,
                    lock_code=lock.code if lock else "",
                )
            )
        left = sum(lesson.minutes for lesson in lessons if lesson.state != "completed")
        modules.append(ModuleRow(module["id"], module["title"], module["summary"], module["minutes"], left, lessons))
    return modules


def deliver_course(facts: CourseFacts, path: str) -> CourseFacts:
    """Course facts with the addresses of their pictures, and of the course as it is today."""
    people = [{**person, "photo": deliver_image(person["photo"])} for person in facts["instructors"]]
    delivered = {
        **facts,
        "path": path,
        "cover": deliver_image(facts["cover"]),
        "instructors": people,
    }
    return cast(CourseFacts, delivered)


def make_enrolment_card(
    enrolment: Enrolment,
    course: CourseMap,
    standing: Standing,
    path: str,
    user: Any,
    *,
    due: DueView | None = None,
    renewal: Renewal | None = None,
) -> EnrolmentCard:
    now, zone = timezone.now(), get_zone(user)
    is_done = enrolment.state == ProgressState.COMPLETED
    facts = course.outline["course"]
    following = find_next_lesson(enrolment, course, standing)
    lock = following.lock if following else None
    return EnrolmentCard(
        id=enrolment.pk,
        course_key=str(enrolment.course_key),
        title=facts["title"],
        url=path,
        cover=deliver_image(facts["cover"]),
        percent=enrolment.percent,
        score=enrolment.score,
        state=enrolment.state,
        due_at=enrolment.due_at,
        is_overdue=_is_overdue(enrolment.due_at, now) and not is_done,
        due_in_days=days_until(enrolment.due_at, now, zone) if enrolment.due_at and not is_done else None,
        continue_url=reverse("continue", args=[enrolment.pk]),
        continue_label=_("To the course") if lock else _continue_label(enrolment.state),
        next_lesson_title=following.lesson["title"] if following else "",
        next_lock=lock.message if lock else "",
        minutes_left=0 if is_done else minutes_left(course, standing.completed),
        completed_at=enrolment.completed_at,
        last_accessed_at=enrolment.last_accessed_at,
        due=due,
        is_expired=enrolment.is_expired,
        renewal=renewal,
        renew_url=reverse("renew", args=[enrolment.pk]) if renewal and renewal.is_open else "",
    )


def _is_overdue(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at < now


def _continue_label(state: str) -> str:
    return {
        ProgressState.NOT_STARTED: _("Start course"),
        ProgressState.IN_PROGRESS: _("Continue"),
        ProgressState.COMPLETED: _("Review course"),
    }[ProgressState(state)]
