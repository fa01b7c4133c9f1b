"""Wagtail's authoring API publishes past ``Page.publish`` and the registry: the same gate stands before it here."""

from typing import Any

from wagtail.admin.api.actions.publish import PublishPageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Page

from courses.models.studied import StudiedPage
from courses.publishing import PublishRefusedError, find_publish_errors


class GatedPublishAPIAction(PublishPageAPIAction):
    """Answers 400 with what is wrong."""

    def execute(self, instance: Page, data: Any) -> Any:
        page = instance.get_latest_revision_as_object()
        if isinstance(page, StudiedPage) and (problems := find_publish_errors(page)):
            raise BadRequestError(str(PublishRefusedError(page, problems)))
        return super().execute(instance, data)


class GatedPagesAPIViewSet(PagesAdminAPIViewSet):
    actions = {**PagesAdminAPIViewSet.actions, "publish": GatedPublishAPIAction}
