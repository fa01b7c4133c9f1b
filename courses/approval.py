"""What the last approval of a review does. Wagtail imports it while its models load: it imports nothing on top."""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish the latest draft unless the quality gate refuses it.

    A reviewer may have changed the page since it passed. Raises ``PublishRefusedError``.
    """
    from wagtail.workflows import publish_workflow_state

    from courses.quality.review import refuse_unfit

    refuse_unfit(workflow_state)
    publish_workflow_state(workflow_state, user=user)
