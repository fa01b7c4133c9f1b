"""What sitting exams costs: saving an answer, and reading one's results however many other people's there are."""

import http.client
import json
import re
import statistics
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.benchmarks.figures import Figure, Scene, make_headers, sign_in
from cms.benchmarks.items import time_analysis
from cms.benchmarks.load import ROUNDS, Call, compare, time_calls, update_statistics
from courses.editions.models import CourseState
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.exams.models import Attempt, AttemptState
from learners.exams.services import open_attempt
from learners.progress.queries import get_course_map

OTHERS = 1_000  # learners who sit as well
FEW, MANY = 100, 100_000


def measure_attempts(scene: Scene) -> Iterator[Figure]:
    state = CourseState.objects.select_related("edition").get(course=scene.big)
    enrolment, _is_new = enrol(user=scene.learner, state=state)
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    lesson, block = next(unit for unit, each in course.blocks.items() if each["type"] == "quiz")
    attempt = open_attempt(user=scene.learner, enrolment=enrolment, lesson_key=lesson, block_id=block)
    yield from _measure_autosave(scene, attempt)
    yield from measure_growth(scene, attempt)


def _measure_autosave(scene: Scene, attempt: Attempt) -> Iterator[Figure]:
    client = sign_in(scene)
    headers = make_headers(client)
    answers = _answer_maker(attempt)
    bare = Call("/bench/upsert/", "POST", headers, body=answers)
    for name, method, path in (
        ("site", "POST", f"/learn/attempts/{attempt.pk}/save/"),
        ("API", "PATCH", f"/api/v1/attempts/{attempt.pk}/answers/"),
    ):
        ratio = compare(scene.port, Call(path, method, headers, body=answers), bare, 40)
        yield Figure(f"autosave ({name}): rate to a bare upsert", ratio, 0.5, ">=")
        with CaptureQueriesContext(connection) as captured:
            answer = client.generic(method, path, answers(), content_type="application/json").json()
        if len(answer["saved"]) != 1:
            raise RuntimeError(f"The answer was not saved: {answer}")
        sent = [query for query in captured if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE", query["sql"])]
        yield Figure(f"autosave ({name}): queries", len(sent), 4, "<=")


def _answer_maker(attempt: Attempt) -> Callable[[], bytes]:
    """Another answer to the first question each time, numbered upwards."""
    question = attempt.paper["questions"][0]
    numbers = count(1)

    def make() -> bytes:
        seq = next(numbers)
        chosen = question["choices"][seq % len(question["choices"])]["id"]
        return json.dumps({"answers": [{"question": question["id"], "choices": [chosen], "seq": seq}]}).encode()

    return make


def measure_growth(scene: Scene, template: Attempt) -> Iterator[Figure]:
    """The same readings with few attempts in the table and with many: ``GET /api/v1/attempts/`` (the learner's results
    with a count, by index from the learner's enrolments) and the analysis of the quiz's questions."""
    call = Call("/api/v1/attempts/", headers=make_headers(sign_in(scene)))
    times = []
    for total in (FEW, MANY):
        _fill_attempts(template, total)
        times.append((_time(scene.port, call), time_analysis(template, total)))
    (few_results, few_analysis), (many_results, many_analysis) = times
    yield Figure("results read: time, 100,000 attempts to 100", many_results / few_results, 1.5, "<=")
    yield Figure("question analysis read: time, 100,000 attempts to 100", many_analysis / few_analysis, 1.5, "<=")


def _time(port: int, call: Call) -> float:
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    time_calls(server, call, 10)
    seconds = statistics.median(time_calls(server, call, 40) for _ in range(ROUNDS))
    server.close()
    return seconds


def _fill_attempts(template: Attempt, total: int) -> None:
    """Graded attempts of other learners until the table holds ``total``."""
    now = timezone.now()
    enrolments = _others(template.enrolment)
    first = Attempt.objects.count()
    question = template.paper["questions"][0]
    result = {"question": question["id"], "points": "1.00", "max_points": question["points"], "is_correct": True}
    results = {"questions": [result | {"chosen": [question["choices"][0]["id"]]}]}
    Attempt.objects.bulk_create(
        (
            Attempt(
                enrolment_id=enrolments[place % len(enrolments)],
                edition_id=template.edition_id,
                lesson_key=template.lesson_key,
                block_id=template.block_id,
                number=1 + place // len(enrolments),
                state=AttemptState.SUBMITTED,
                seed=place,
                paper=template.paper,
                opened_at=now - timedelta(seconds=place),
                submitted_at=now,
                score=80,
                passed=True,
                is_graded=True,
                results=results,
            )
            for place in range(first, total)
        ),
        batch_size=2_000,
    )
    update_statistics()


def _others(enrolment: Enrolment) -> list[int]:
    found = Enrolment.objects.filter(user__email__startswith="other-", course_key=enrolment.course_key)
    if not found.exists():
        User.objects.bulk_create(User(email=f"other-{number}@example.com", name="Other") for number in range(OTHERS))
        people = User.objects.filter(email__startswith="other-")
        Enrolment.objects.bulk_create(
            Enrolment(user=person, course_key=enrolment.course_key, edition_id=enrolment.edition_id)
            for person in people
        )
    return list(found.order_by("pk").values_list("pk", flat=True))
