"""The evidence of an enrolment as a page, as JSON and as PDF, for the learner, their managers and staff."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.evidence.pack import EvidencePack, collect_pack
from certificates.evidence.report import file_name, render_evidence, summary
from courses.editions.canonical import to_canonical_json
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.progress.reopening import list_reopenable
from learners.reporting.access import find_viewer
from learners.reporting.evidence import find_enrolment
from learners.views.personal import personal


@require_safe
@login_required
@personal
def show_evidence(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolment, pack = find_pack(request, enrolment_id)
    ended = list_reopenable(cast(User, request.user), enrolment)
    context = {"pack": pack, "summary": summary(pack), "reopenable": {block["block_id"] for block in ended}}
    return render(request, "evidence/page.html", context)


@require_safe
@login_required
@personal
def download_json(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Canonical JSON: the digest in it can be computed again from the file."""
    _enrolment, pack = find_pack(request, enrolment_id)
    response = HttpResponse(to_canonical_json(pack), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name(pack, "json")}"'
    return response


@require_safe
@login_required
@personal
def download_pdf(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    _enrolment, pack = find_pack(request, enrolment_id)
    response = HttpResponse(render_evidence(pack), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(pack, "pdf")}"'
    return response


def find_pack(request: HttpRequest, enrolment_id: int) -> tuple[Enrolment, EvidencePack]:
    """Raises ``Http404`` for what this person may not see: nobody else learns whether it exists."""
    enrolment = find_enrolment(enrolment_id)
    viewer = find_viewer(request.user, enrolment) if enrolment else None
    if enrolment is None or viewer is None:
        raise Http404(_("There is no such enrolment."))
    return enrolment, collect_pack(enrolment, viewer=viewer)
