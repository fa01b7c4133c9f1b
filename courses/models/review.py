"""The task of a review that nobody has to click: it lets a page pass that is fit, and sends back one that is not."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState, WorkflowState


class QualityGateTask(Task):
    """Errors send the page back with the list of what to mend; warnings go along to the reviewer as its comment."""

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("quality gate")
        verbose_name_plural = _("quality gates")

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Decides at once. Whoever submitted is the one who is answered; the decision itself is nobody's."""
        from courses.quality.review import judge_revision

        task_state = super().start(workflow_state, user=user)
        verdict = judge_revision(task_state.revision)
        decide = task_state.approve if verdict.is_fit else task_state.reject
        # The workflow goes on from here by itself once it has been told the task's state.
        decide(user=None, update=False, comment=verdict.comment)
        return task_state

    @classmethod
    def get_description(cls) -> str:
        return str(_("Checks the page by itself: lets it pass, or sends it back with what has to be mended"))
