"""The learner's home: what to continue, what is due, what is done."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.editions.queries import find_path, get_versions
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import list_enrolments
from learners.enrolments.reasons import describe_open_dues
from learners.enrolments.renewing import read_renewals
from learners.enums import ProgressState
from learners.progress.queries import get_course_maps
from learners.progress.resuming import read_standings
from learners.views.cards import EnrolmentCard
from learners.views.pages import make_pagination
from learners.views.personal import personal
from learners.views.study import make_enrolment_card

PAGE_SIZE = 24
SOON_DAYS = 14


@require_safe
@login_required
@personal
def show_home(request: HttpRequest) -> HttpResponse:
    page = Paginator(list_enrolments(request.user), PAGE_SIZE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    cards = _make_cards(request, list(page.object_list))
    in_progress = [card for card in cards if card.state != ProgressState.COMPLETED]
    open_cards = [card for card in in_progress if not card.is_expired]
    return render(
        request,
        "learning/home.html",
        {
            "continue_card": _choose(open_cards) if page.number == 1 else None,
            "in_progress": in_progress,
            "due_soon": [card for card in open_cards if card.due_in_days is not None and card.due_in_days <= SOON_DAYS],
            "completed": [card for card in cards if card.state == ProgressState.COMPLETED],
            "pagination": make_pagination(page),
        },
    )


def _choose(cards: list[EnrolmentCard]) -> EnrolmentCard | None:
    """The one studied last in which something is open; where nothing is anywhere, the one studied last."""
    return next((card for card in cards if not card.next_lock), cards[0] if cards else None)


def _make_cards(request: HttpRequest, enrolments: list[Enrolment]) -> list[EnrolmentCard]:
    """Nine queries at most, however many enrolments."""
    states = get_versions(enrolment.edition for enrolment in enrolments)
    courses = get_course_maps(enrolment.edition for enrolment in enrolments)
    standings = read_standings([enrolment.pk for enrolment in enrolments])
    dues = describe_open_dues(enrolments, learner=request.user)  # type: ignore[arg-type]
    renewals = read_renewals(enrolments, states)
    return [
        make_enrolment_card(
            enrolment,
            courses[enrolment.edition_id],
            standings[enrolment.pk],
            find_path(states, enrolment.edition),
            request.user,
            due=dues.get(enrolment.pk),
            renewal=renewals.get(enrolment.pk),
        )
        for enrolment in enrolments
    ]
