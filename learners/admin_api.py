"""The admin's own API deletes past the hooks of its pages: the same refusal stands before it here."""

from typing import Any

from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Page

from courses.admin_api import GatedPagesAPIViewSet
from learners.deletion import find_deletion_refusal


class GuardedDeleteAPIAction(DeletePageAPIAction):
    """Answers 400 with why the page stays."""

    def execute(self, instance: Page, data: Any) -> Any:
        refusal = find_deletion_refusal(instance)
        if refusal is not None:
            raise BadRequestError(refusal.message)
        return super().execute(instance, data)


class GuardedPagesAPIViewSet(GatedPagesAPIViewSet):
    actions = {**GatedPagesAPIViewSet.actions, "delete": GuardedDeleteAPIAction}
