"""Giving more time, and what companies ask of their people: who may, and what makes no sense."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.editions.models import CourseState
from learners.accounts.models import User
from learners.accounts.queries import get_zone
from learners.accounts.services import mark_deadlines_stale
from learners.companies.access import can_follow, can_run
from learners.companies.models import Company, DeadlineRule
from learners.companies.queries import zone_of
from learners.enrolments.deadlines import MAX_DAYS, end_of_day
from learners.enrolments.models import DeadlineExtension, Enrolment
from learners.enrolments.queries import LONG_TEXTS
from learners.enrolments.rules import read_due
from learners.enrolments.scheduling import STORED, store_due

NOTE_LENGTH, RULE_NOTE_LENGTH = 500, 255
MOST_RULE_DAYS = 3_650


class DeadlineRefusedError(Exception):
    """``code``: not_found, malformed, note_required, note_too_long, completed, no_deadline, not_later, too_far, past,
    or unknown_course."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def may_extend(by: User, learner: User) -> bool:
    """Those who follow the learner, and staff who may change enrolments. At most three queries."""
    return can_follow(by, learner) or by.has_perm("learners.change_enrolment")


def may_set_rules(by: User, company: Company) -> bool:
    return can_run(by, company) or by.has_perm("companies.change_company")


def extend_deadline(
    *, enrolment_id: int, by: User, note: str, due_on: date | None = None, due_at: datetime | None = None
) -> DeadlineExtension:
    """Promise more time until the end of a day of the learner's, or until a moment; the same promise twice is one.

    An enrolment that its deadline had closed is open again. Raises ``DeadlineRefusedError``: somebody whom ``by`` does
    not follow is as good as unknown; nothing is extended that is completed or has no deadline; nothing is shortened.
    """
    note = _check_note(note, NOTE_LENGTH, is_required=True)
    if (due_on is None) == (due_at is None):
        raise DeadlineRefusedError("malformed", _("Give either the last day or the moment."))
    with transaction.atomic():
        enrolment = _lock(enrolment_id)
        if enrolment is None or not may_extend(by, enrolment.user):
            raise DeadlineRefusedError("not_found", _("There is no such enrolment."))
        moment = due_at if due_at is not None else end_of_day(due_on or date.min, get_zone(enrolment.user))
        same = enrolment.extensions.filter(due_at=moment, note=note, granted_by=by).first()
        if same is not None:
            return same
        now = timezone.now()
        _refuse_extension(enrolment, moment, now)
        extension = DeadlineExtension.objects.create(enrolment=enrolment, due_at=moment, note=note, granted_by=by)
        if store_due(enrolment, read_due(enrolment), now):
            Enrolment.objects.filter(pk=enrolment.pk).update(**{name: getattr(enrolment, name) for name in STORED})
    return extension


def set_deadline_rule(
    *,
    company: Company,
    by: User,
    course_key: UUID | None,
    due_on: date | None = None,
    days: int | None = None,
    note: str = "",
) -> DeadlineRule:
    """What ``company`` asks for one course, or with ``None`` for every course that has no rule of its own.

    Setting it again replaces it. The deadlines of its people follow in the background. Raises ``DeadlineRefusedError``.
    """
    if not may_set_rules(by, company):
        raise DeadlineRefusedError("not_found", _("There is no such company."))
    note = _check_note(note, RULE_NOTE_LENGTH, is_required=False)
    _refuse_rule(company, course_key, due_on, days)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)  # two rules without a course must not be made at once
        rule, _is_new = DeadlineRule.objects.update_or_create(
            company=company,
            course_key=course_key,
            defaults={"due_on": due_on, "days": days, "note": note, "created_by": by},
        )
        _mark_people_of(company)
    return rule


def remove_deadline_rule(*, rule_id: int, company: Company, by: User) -> None:
    """Removing twice removes once. Raises ``DeadlineRefusedError``."""
    if not may_set_rules(by, company):
        raise DeadlineRefusedError("not_found", _("There is no such company."))
    with transaction.atomic():
        removed, _by_model = DeadlineRule.objects.filter(pk=rule_id, company=company).delete()
        if removed:
            _mark_people_of(company)


def _lock(enrolment_id: int) -> Enrolment | None:
    if not 0 < enrolment_id < 2**63:
        return None
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "edition").defer(*LONG_TEXTS)
    return rows.filter(pk=enrolment_id).first()


def _check_note(note: str, most: int, *, is_required: bool) -> str:
    note = " ".join(note.replace("\x00", " ").split())
    if is_required and not note:
        raise DeadlineRefusedError("note_required", _("Say why: the note is shown to the learner."))
    if len(note) > most:
        raise DeadlineRefusedError("note_too_long", _("The note is longer than %(n)s characters.") % {"n": most})
    return note


def _refuse_extension(enrolment: Enrolment, moment: datetime, now: datetime) -> None:
    if enrolment.completed_at is not None:
        raise DeadlineRefusedError("completed", _("The course is completed: there is nothing to extend."))
    if moment <= now:
        raise DeadlineRefusedError("past", _("Choose a day that lies ahead."))
    if moment > now + timedelta(days=MAX_DAYS):
        raise DeadlineRefusedError("too_far", _("Choose a day within the next hundred years."))
    current = read_due(enrolment).deadline.due_at
    if current is None:
        message = _("This course has no deadline, so there is nothing to extend. Set one for your company instead.")
        raise DeadlineRefusedError("no_deadline", message)
    if moment <= current:
        shown = date_format(current.astimezone(get_zone(enrolment.user)), "j F Y")
        message = _("It is due on %(date)s already. An extension has to be later.")
        raise DeadlineRefusedError("not_later", message % {"date": shown})


def _refuse_rule(company: Company, course_key: UUID | None, due_on: date | None, days: int | None) -> None:
    if (due_on is None) == (days is None):
        raise DeadlineRefusedError("malformed", _("Give either a day or a number of days."))
    if days is not None and not 1 <= days <= MOST_RULE_DAYS:
        raise DeadlineRefusedError("malformed", _("Give between 1 and %(n)s days.") % {"n": MOST_RULE_DAYS})
    now = timezone.now()
    if due_on is not None and not now < end_of_day(due_on, zone_of(company)) < now + timedelta(days=MAX_DAYS):
        raise DeadlineRefusedError("past", _("Choose a day that lies ahead, within the next hundred years."))
    if course_key is not None and not CourseState.objects.filter(course_key=course_key, is_published=True).exists():
        raise DeadlineRefusedError("unknown_course", _("This course is not offered. Choose another one."))


def _mark_people_of(company: Company) -> None:
    mark_deadlines_stale(people=User.objects.filter(memberships__company=company))
