"""What a release costs with ten thousand learners in progress: the release itself, its preview, and the carry-over."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Avg, Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.benchmarks.figures import Figure, Scene
from courses.editions.models import CourseState, Edition
from courses.editions.releasing import compile_candidate
from courses.editions.services import release_course
from courses.models import CoursePage, LessonPage
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress import carrying
from learners.progress.models import BlockProgress, CarryOver
from learners.progress.queries import get_course_map
from learners.reporting.impact import predict_impact

LEARNERS = 10_000
ROWS = 20  # of progress, for each of them
ROUNDS = 5


def measure_releases(scene: Scene) -> Iterator[Figure]:
    """On the 500-lesson course: first without learners besides the few there are, then with ten thousand."""
    _time_release(scene.big)  # the first one of a process reads more
    without = min(_time_release(scene.big) for _round in range(ROUNDS))
    _drop_carry_overs()
    _fill(scene.big)
    with_learners = []
    for _round in range(ROUNDS):
        with_learners.append(_time_release(scene.big))
        _drop_carry_overs()
    yield Figure("release: time, 10,000 in progress to none", min(with_learners) / without, 1.2, "<=")
    yield _measure_impact(scene.big)
    yield from _measure_carry_over(scene.big)


def _time_release(course: CoursePage) -> float:
    """Seconds to put a change of one lesson in force: a required block less, so that there is work for everybody."""
    _edit(course)
    started = time.perf_counter()
    release_course(course_id=course.pk, by=None)
    return time.perf_counter() - started


def _edit(course: CoursePage) -> None:
    lesson = LessonPage.objects.descendant_of(course).order_by("-path").first()
    assert lesson is not None  # noqa: S101 -- the course was built with 500
    blocks = list(lesson.body.raw_data)
    blocks[1]["value"]["is_required"] = not blocks[1]["value"]["is_required"]
    lesson.body = blocks
    LessonPage.objects.filter(pk=lesson.pk).update(body=lesson.body, title=f"Changed at {time.time()}")


def _drop_carry_overs() -> None:
    """The next release is measured without the work that this one has left behind."""
    CarryOver.objects.update(finished_at=timezone.now(), claimed_until=None)


def _fill(course: CoursePage) -> None:
    """Ten thousand people in the middle of it, each with twenty blocks completed."""
    state = CourseState.objects.select_related("edition").get(course=course)
    edition = state.edition
    assert edition is not None  # noqa: S101 -- it is in force
    User.objects.bulk_create(
        (User(email=f"studying-{number}@example.com", name="Studying") for number in range(LEARNERS)),
        batch_size=2_000,
    )
    now = timezone.now()
    people = User.objects.filter(email__startswith="studying-").order_by("pk").values_list("pk", flat=True)
    Enrolment.objects.bulk_create(
        (
            Enrolment(
                user_id=person,
                course_key=state.course_key,
                edition=edition,
                state=ProgressState.IN_PROGRESS,
                started_at=now,
                required_done=ROWS,
            )
            for person in people
        ),
        batch_size=2_000,
    )
    units = list(get_course_map(edition.pk, edition.digest).required)
    # The twenty at the end: the lesson that the releases change is among them.
    units = units[-ROWS:]
    enrolments = Enrolment.objects.filter(user__email__startswith="studying-").order_by("pk")
    BlockProgress.objects.bulk_create(
        (
            BlockProgress(
                enrolment_id=enrolment,
                lesson_key=lesson,
                block_id=block,
                edition_id=edition.pk,
                state=ProgressState.COMPLETED,
                started_at=now - timedelta(hours=1),
                completed_at=now,
                last_accessed_at=now,
            )
            for enrolment in enrolments.values_list("pk", flat=True)
            for lesson, block in units
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure_impact(course: CoursePage) -> Figure:
    """Against one aggregate over the same rows of progress: how much everybody has completed."""
    _edit(course)
    state = CourseState.objects.select_related("edition").get(course=course)
    candidate = compile_candidate(CoursePage.objects.get(pk=course.pk), state.edition)
    impact = predict_impact(state=state, candidate=candidate, policy="everyone")
    if impact.moving < LEARNERS:
        raise RuntimeError(f"Only {impact.moving} learners would move.")
    rows = BlockProgress.objects.filter(
        enrolment__course_key=course.translation_key, state=ProgressState.COMPLETED
    ).order_by()

    def aggregate() -> object:
        return list(rows.values_list("enrolment_id").annotate(done=Count("pk"), mean=Avg("score")))

    def predict() -> float:
        """Anew from an uncompared candidate: the comparison of the editions is part of it."""
        fresh = compile_candidate(CoursePage.objects.get(pk=course.pk), state.edition)
        started = time.perf_counter()
        predict_impact(state=state, candidate=fresh, policy="everyone")
        return time.perf_counter() - started

    predictions = [predict() for _round in range(ROUNDS)]
    return Figure("impact: time to one aggregate over progress", min(predictions) / _time(aggregate), 2, "<=")


def _time(work: Callable[[], Any]) -> float:
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _measure_carry_over(course: CoursePage) -> Iterator[Figure]:
    release = release_course(course_id=course.pk, by=None)
    carrying.begin_carry_over(release.pk)
    key = CarryOver.objects.get(release=release).pk
    counts = []
    while carrying._claim(key):
        with CaptureQueriesContext(connection) as captured:
            taken = carrying._continue(key)
        if taken < carrying.BATCH:
            break
        counts.append(len(captured))
    while carrying.continue_carry_overs():
        pass
    left = Enrolment.objects.filter(course_key=course.translation_key, state=ProgressState.IN_PROGRESS)
    if left.exclude(edition=Edition.objects.get(release=release)).exists():
        raise RuntimeError("Somebody was left behind.")
    yield Figure("carry-over: queries a batch of 200", counts[1], 12, "<=")
    yield Figure("carry-over: queries more in the last batch", counts[-1] - counts[1], 0, "<=")
