"""The manager's pages: the people they follow, one person, more time for an enrolment, what a company asks."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.editions.queries import get_states
from learners.accounts.models import User
from learners.accounts.queries import get_zone
from learners.companies.models import Company
from learners.companies.queries import managed_companies
from learners.companies.services import CompanyRefusedError, update_company
from learners.enrolments.deadlines import end_of_day
from learners.enrolments.extending import (
    DeadlineRefusedError,
    extend_deadline,
    may_extend,
    may_set_rules,
    remove_deadline_rule,
    set_deadline_rule,
)
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import enrolments_with_edition, list_extensions
from learners.enrolments.reasons import describe_open_dues
from learners.forms import CompanyForm, DeadlineRuleForm, ExtensionForm, TeamSearchForm
from learners.progress.reopening import list_ended_blocks
from learners.reporting.team import STATUSES, Status, count_team, find_team, read_team
from learners.views.pages import make_pagination
from learners.views.personal import personal

PAGE_SIZE = 25
MOST_EXTENSIONS = 50


@require_safe
@login_required
@personal
def show_team(request: HttpRequest) -> HttpResponse:
    """404 for whoever follows nobody and runs no company: there is no such page for them."""
    manager = cast(User, request.user)
    companies = list(managed_companies(manager))
    if not companies:
        raise Http404
    search = TeamSearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    status = cast("Status | None", request.GET.get("status") if request.GET.get("status") in STATUSES else None)
    page = Paginator(find_team(manager, status=status, search=words), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = count_team(manager)
    asked = {name: value for name, value in (("q", words), ("status", status)) if value}
    context = {
        "companies": companies,
        "members": read_team(list(page.object_list), status=status),
        "filters": _make_filters(counts, status, words),
        "counts": counts,
        "words": words,
        "status": status or "",
        "pagination": make_pagination(page, urlencode(asked)),
    }
    return render(request, "team/home.html", context)


@require_safe
@login_required
@personal
def show_person(request: HttpRequest, person_id: int) -> HttpResponse:
    person = _find_followed(request, person_id)
    enrolments = read_team([person], every_cycle=True)[0].enrolments
    context = {
        "person": person,
        "enrolments": enrolments,
        "ended": list_ended_blocks(person),
        "extensions": list_extensions(person)[:MOST_EXTENSIONS],
        "time_zone": str(get_zone(person)),
    }
    return render(request, "team/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@personal
def extend(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """First what it would come to, then, confirmed, the promise itself."""
    enrolment = find_followed_enrolment(request, enrolment_id)
    form = ExtensionForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "enrolment": enrolment,
        "person": enrolment.user,
        "due": describe_open_dues([enrolment]).get(enrolment.pk),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "team/extend.html", context, status=422 if form.is_bound else 200)
    due_on, note = form.cleaned_data["due_on"], form.cleaned_data["note"]
    if "confirmed" not in request.POST:
        context["new_due_at"] = end_of_day(due_on, get_zone(enrolment.user))
        return render(request, "team/extend_confirm.html", context)
    try:
        extend_deadline(enrolment_id=enrolment.pk, by=cast(User, request.user), due_on=due_on, note=note)
    except DeadlineRefusedError as refusal:
        form.add_error("note" if refusal.code.startswith("note") else "due_on", refusal.message)
        return render(request, "team/extend.html", context, status=422)
    given = _("%(person)s has more time for “%(course)s”.")
    messages.success(request, given % {"person": enrolment.user, "course": enrolment.edition.title})
    return redirect("team-person", person_id=enrolment.user_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@personal
def show_company(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, time zone and what the company asks of its people; a POST sets name and zone."""
    company = _find_company(request, slug)
    facts = CompanyForm(request.POST or None, initial={"name": company.name, "time_zone": company.time_zone})
    if request.method == "POST" and facts.is_valid():
        try:
            update_company(company=company, **facts.cleaned_data)
        except CompanyRefusedError as refusal:
            facts.add_error("name", refusal.message)
        else:
            messages.success(request, _("Saved. Deadlines follow within a moment."))
            return redirect("team-company", slug=slug)
    return _render_company(request, company, facts, DeadlineRuleForm(), status=422 if facts.is_bound else 200)


@require_POST
@login_required
@personal
def set_rule(request: HttpRequest, slug: str) -> HttpResponse:
    company = _find_company(request, slug)
    form = DeadlineRuleForm(request.POST)
    if form.is_valid():
        try:
            set_deadline_rule(company=company, by=cast(User, request.user), **form.cleaned_data)
        except DeadlineRefusedError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The deadline is set. Those of your people follow within a moment."))
            return redirect("team-company", slug=slug)
    facts = CompanyForm(initial={"name": company.name, "time_zone": company.time_zone})
    return _render_company(request, company, facts, form, status=422)


@require_POST
@login_required
@personal
def remove_rule(request: HttpRequest, slug: str, rule_id: int) -> HttpResponse:
    company = _find_company(request, slug)
    remove_deadline_rule(rule_id=rule_id, company=company, by=cast(User, request.user))
    messages.success(request, _("The deadline is gone. Those of your people follow within a moment."))
    return redirect("team-company", slug=slug)


def _make_filters(counts: Any, status: str | None, words: str) -> list[dict[str, Any]]:
    """Every number is a link to what it counts."""
    labels = {
        "overdue": (_("Overdue"), "alert"),
        "due_soon": (_("Due within 7 days"), "clock"),
        "not_started": (_("Not started"), "circle"),
        "completed": (_("Completed"), "check-circle"),
    }
    kept = {"q": words} if words else {}
    base = reverse("team")
    everyone = {"label": _("People"), "icon": "user", "count": counts.people, "url": base, "is_active": status is None}
    if words:
        everyone["url"] = f"{base}?{urlencode(kept)}"
    return [
        everyone,
        *(
            {
                "label": label,
                "icon": icon,
                "count": getattr(counts, name),
                "url": f"{base}?{urlencode({**kept, 'status': name})}",
                "is_active": name == status,
            }
            for name, (label, icon) in labels.items()
        ),
    ]


def _render_company(
    request: HttpRequest, company: Company, facts: CompanyForm, form: DeadlineRuleForm, *, status: int
) -> HttpResponse:
    rules = list(company.deadline_rules.select_related("created_by").order_by("due_on", "days", "pk"))
    states = get_states([rule.course_key for rule in rules if rule.course_key])
    context = {
        "company": company,
        "facts": facts,
        "form": form,
        "rules": [
            {"rule": rule, "course": states[rule.course_key].title if rule.course_key in states else ""}
            for rule in rules
        ],
        "people_count": company.memberships.count(),
    }
    return render(request, "team/company.html", context, status=status)


def _find_followed(request: HttpRequest, person_id: int) -> User:
    """Raises ``Http404`` for anybody else: nobody learns who has an account."""
    person = get_object_or_404(User, pk=_small(person_id))
    if not may_extend(cast(User, request.user), person):
        raise Http404
    return person


def find_followed_enrolment(request: HttpRequest, enrolment_id: int) -> Enrolment:
    """Raises ``Http404`` for those of people whom the user may not give more time."""
    rows = enrolments_with_edition().select_related("user")
    enrolment = get_object_or_404(rows, pk=_small(enrolment_id))
    if not may_extend(cast(User, request.user), enrolment.user):
        raise Http404
    return enrolment


def _find_company(request: HttpRequest, slug: str) -> Company:
    company = get_object_or_404(Company, slug=slug)
    if not may_set_rules(cast(User, request.user), company):
        raise Http404
    return company


def _small(pk: int) -> int:
    """No database knows a larger number."""
    return pk if pk < 2**63 else 0
