"""Delta cycles: only what changed is left to do, everything else keeps its record, and a new certificate follows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates.life import revoke_certificate
from certificates.models import Certificate
from courses.editions.services import release_course
from courses.models import CoursePage
from learners.enrolments.models import Enrolment, Grant
from learners.enrolments.services import EnrolmentRefusedError, enrol
from learners.progress import carrying
from learners.progress.carrying import continue_carry_overs
from learners.progress.delta_cycles import find_offer, open_delta_cycle
from learners.progress.models import BlockProgress, CarryOver
from learners.reporting.evidence import collect_evidence, find_enrolment
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course
from tests.learners.progress.releases import complete, counters, release

pytestmark = pytest.mark.django_db


class Course:
    """Two lessons; ``changed`` is new in the second edition, everything else stays."""

    def __init__(self, page, **facts):
        self.page = page
        self.kept, self.other, self.optional = text_block(), text_block(), text_block(is_required=False)
        self.new = text_block()
        self.first, self.second = make_lesson(self.kept, self.optional), make_lesson(self.other, title="Two")
        self.state = make_edition(modules=[make_module(self.first, self.second)], **facts)
        self.facts = facts
        # The page stands for the course; what is studied comes from the editions above.
        CoursePage.objects.filter(pk=page.pk).update(translation_key=self.state.course_key)

    def rule(self, rule):
        CoursePage.objects.filter(pk=self.page.pk).update(delta_training=rule)

    def finish(self, **fields):
        user = UserFactory()
        enrolment, _is_new = enrol(user=user, state=self.state)
        done = [(self.first, self.kept), (self.first, self.optional), (self.second, self.other)]
        complete(enrolment, *done)
        if fields:
            Enrolment.objects.filter(pk=enrolment.pk).update(**fields)
        return Enrolment.objects.select_related("edition", "user").get(pk=enrolment.pk)

    def release(self, rule="offered"):
        self.rule(rule)
        blocks = [make_lesson(self.kept, self.optional, self.new, key=self.first["id"]), self.second]
        self.state = release(self.state, modules=[make_module(*blocks)], delta_training=rule, **self.facts)


@pytest.fixture
def course(catalogue):
    return Course(make_course(catalogue))


def refused(enrolment, by=None):
    with pytest.raises(EnrolmentRefusedError) as caught:
        open_delta_cycle(enrolment=enrolment, by=by or enrolment.user)
    return caught.value.code


def test_only_the_delta_is_left_and_completing_it_gives_a_new_certificate(course):
    old = course.finish()
    rows = list(BlockProgress.objects.filter(enrolment=old).order_by("block_id").values())
    course.release()
    new, is_new = open_delta_cycle(enrolment=old, by=old.user)
    assert (is_new, new.cycle, new.edition, new.state, new.completed_at) == (
        True,
        2,
        course.state.edition,
        "not_started",
        None,
    )
    new.refresh_from_db()
    assert (new.required_done, new.percent) == (2, 66)
    copies = list(BlockProgress.objects.filter(enrolment=new).order_by("block_id").values())
    own = {"id", "enrolment_id", "recent_events"}
    assert [{k: v for k, v in row.items() if k not in own} for row in copies] == [
        {k: v for k, v in row.items() if k not in own} for row in rows if row["state"] == "completed"
    ]
    assert {row["recent_events"] == [] for row in copies} == {True}
    assert open_delta_cycle(enrolment=old, by=old.user) == (new, False)
    complete(new, (course.first, course.new))
    new.refresh_from_db()
    assert (new.state, new.percent) == ("completed", 100)
    assert list(Certificate.objects.order_by("pk").values_list("enrolment_id", "edition__number")) == [
        (old.pk, 1),
        (new.pk, 2),
    ]
    old_again = Enrolment.objects.get(pk=old.pk)
    assert (old_again.state, old_again.edition_id, old_again.completed_at) == (
        "completed",
        old.edition_id,
        old.completed_at,
    )
    assert list(BlockProgress.objects.filter(enrolment=old).order_by("block_id").values()) == rows


def test_evidence_tells_what_comes_from_an_earlier_cycle(course):
    old = course.finish()
    course.release()
    new, _is_new = open_delta_cycle(enrolment=old, by=old.user)
    complete(new, (course.first, course.new))
    pack = collect_evidence(find_enrolment(new.pk), viewer="staff")
    blocks = {block["id"]: block for lesson in pack["lessons"] for block in lesson["blocks"]}
    facts = {key: (block["is_from_earlier_cycle"], block["edition"]) for key, block in blocks.items()}
    assert facts == {
        course.kept["id"]: (True, 1),
        course.optional["id"]: (True, 1),
        course.new["id"]: (False, 2),
        course.other["id"]: (True, 1),
    }
    before = collect_evidence(find_enrolment(old.pk), viewer="staff")
    assert {block["is_from_earlier_cycle"] for lesson in before["lessons"] for block in lesson["blocks"]} == {False}


def test_an_offer_is_for_those_who_completed_an_edition_before_the_change(course):
    old = course.finish()
    assert find_offer(old) is None
    course.release("off")
    assert find_offer(old) is None
    assert refused(old) == "not_offered"
    course.rule("offered")
    assert [block.block_id for block in find_offer(old).blocks] == [course.new["id"]]
    assert refused(old, by=UserFactory()) == "not_found"
    running, _is_new = enrol(user=UserFactory(), state=course.state)
    assert (find_offer(running), refused(running)) == (None, "not_completed")
    open_delta_cycle(enrolment=old, by=old.user)
    assert find_offer(old) is None


def test_nothing_changed_is_nothing_to_do(course):
    old = course.finish()
    course.rule("offered")
    assert refused(old) == "nothing_changed"
    assert Enrolment.objects.count() == 1


def test_what_was_revoked_or_has_run_out_asks_for_the_whole_course(catalogue):
    course = Course(make_course(catalogue), certificate_validity_months=12)
    revoked = course.finish()
    over = course.finish(completed_at=timezone.now() - timedelta(days=500))
    revoke_certificate(
        certificate_id=Certificate.objects.get(enrolment=revoked).pk,
        reason="error",
        note="",
        by=UserFactory(admin=True),
    )
    course.release("assigned")
    for enrolment in (revoked, over):
        assert (find_offer(enrolment), refused(enrolment)) == (None, "not_offered")
    continue_carry_overs()
    assert (Enrolment.objects.count(), counters()) == (2, [(2, 0, 0, 0, 0, 0)])


def test_assigned_is_done_by_the_carry_over_once(course):
    for _number in range(3):
        course.finish()
    course.release("assigned")
    continue_carry_overs()
    rows = Enrolment.objects.filter(cycle=2).values_list("state", "required_done", "percent", "edition__number")
    assert list(rows) == [("not_started", 2, 66, 2)] * 3
    assert counters() == [(3, 0, 0, 0, 3, 0)]
    course.state = release(course.state, modules=[make_module(course.second)], delta_training="assigned")
    continue_carry_overs()
    assert Enrolment.objects.count() == 6
    assert set(Enrolment.objects.filter(cycle=2).values_list("edition__number", flat=True)) == {3}


def test_nobody_is_assigned_what_they_cannot_open(catalogue):
    course = Course(make_course(catalogue), access="paid")
    people = []
    for _number in range(2):
        user = UserFactory()
        Grant.objects.create(user=user, course_key=course.state.course_key, source="purchase", starts_at=timezone.now())
        enrolment, _is_new = enrol(user=user, state=course.state)
        complete(enrolment, (course.first, course.kept), (course.second, course.other))
        people.append(enrolment)
    course.release("assigned")
    Grant.objects.filter(user=people[0].user).update(ends_at=timezone.now())
    continue_carry_overs()
    assert list(Enrolment.objects.filter(cycle=2).values_list("user", flat=True)) == [people[1].user_id]
    assert refused(people[0]) == "purchase_required"


def test_a_release_keeps_the_rule_of_its_time(catalogue):
    page = make_course(catalogue, modules=1, lessons=1, delta_training="assigned")
    assert release_course(course_id=page.pk, by=None).delta_training == "assigned"


@pytest.mark.parametrize("count", [1, 3])
def test_assigning_takes_the_same_queries_for_any_number(course, count):
    for _number in range(count):
        course.finish()
    course.release("assigned")
    carrying.begin_carry_over(course.state.edition.release.pk)
    key = CarryOver.objects.get().pk
    carrying._claim(key)
    with CaptureQueriesContext(connection) as captured:
        carrying._continue(key)
    assert len(captured) == 24
    assert Enrolment.objects.filter(cycle=2).count() == count


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_opened_in_many_tabs_beside_the_carry_over_it_is_one_cycle(transactional_catalogue, run_together):
    course = Course(make_course(transactional_catalogue))
    old = course.finish()
    course.release("assigned")

    def work(number):
        return continue_carry_overs() if number == 0 else open_delta_cycle(enrolment=old, by=old.user)

    results = run_together(6, work)
    assert [each for each in results if isinstance(each, Exception)] == []
    cycle = Enrolment.objects.get(user=old.user, cycle=2)
    assert (cycle.required_done, BlockProgress.objects.filter(enrolment=cycle).count()) == (2, 3)
