"""What the quality gate says about a page in review: fit or not, and the list as a comment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Revision

from courses.models.course import CoursePage
from courses.models.review import QualityGateTask
from courses.publishing import PublishProblem, PublishRefusedError
from courses.quality.checking import check_page, check_tree
from courses.quality.findings import Finding, list_errors

SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    is_fit: bool
    comment: str


def judge_revision(revision: Revision) -> Verdict:
    """Of the version that was submitted."""
    findings = _check(revision.as_object())
    errors = list_errors(findings)
    if errors:
        heading = ngettext("Mend this and submit again:", "Mend these %(count)d and submit again:", len(errors))
        return Verdict(False, write_list(heading % {"count": len(errors)}, errors))
    if findings:
        heading = ngettext("Passed with a warning:", "Passed with %(count)d warnings:", len(findings))
        return Verdict(True, write_list(heading % {"count": len(findings)}, findings))
    return Verdict(True, _("Passed: nothing to mend."))


def _check(page: Page) -> list[Finding]:
    """With everything below a course that is reviewed as a whole: it is approved along with it."""
    if isinstance(page, CoursePage) and page.is_reviewed_as_whole:
        return check_tree(page)
    return check_page(page)


def write_list(heading: str, findings: list[Finding]) -> str:
    """As plain text, one finding a line."""
    lines = [f"• {finding.text}" for finding in findings[:SHOWN]]
    if len(findings) > SHOWN:
        lines.append(_("… and %(count)d more: see the checklist beside the form.") % {"count": len(findings) - SHOWN})
    return "\n".join([heading, *lines])


def refuse_unfit(workflow_state: Any) -> None:
    """Before an approval publishes the latest draft, which need not be what the gate saw when it was submitted.

    Only where the workflow has a quality gate. Raises ``PublishRefusedError``.
    """
    tasks = workflow_state.workflow.tasks.filter(active=True)
    if not QualityGateTask.objects.filter(pk__in=tasks.values("pk")).exists():
        return
    revision = workflow_state.content_object.get_latest_revision()
    page = revision.as_object()
    errors = list_errors(_check(page))
    if errors:
        raise PublishRefusedError(page, _as_problems(errors))


def _as_problems(findings: Iterable[Finding]) -> list[PublishProblem]:
    return [PublishProblem(finding.text, finding.block_id) for finding in findings]
