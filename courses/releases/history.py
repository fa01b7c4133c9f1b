"""Releases in the history of a course page: the words of the audit log."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

from courses.releases import running, services


def register_release_actions(actions: LogActionRegistry) -> None:
    """Name what ``courses.releases`` logs."""

    @actions.register_action(running.RELEASED)
    class Released(LogFormatter):
        label = gettext_lazy("Release the course")

        def format_message(self, log_entry: Any) -> str:
            return _("Released edition %(edition)s") % {"edition": log_entry.data.get("edition", "?")}

    @actions.register_action(running.REFUSED)
    class Refused(LogFormatter):
        label = gettext_lazy("Refuse a release")

        def format_message(self, log_entry: Any) -> str:
            return _("Release refused: %(reason)s") % {"reason": log_entry.data.get("reason", "")}

    @actions.register_action(services.PLANNED)
    class Planned(LogFormatter):
        label = gettext_lazy("Plan a release")

        def format_message(self, log_entry: Any) -> str:
            return _("Asked for a release with %(pages)s drafts") % {"pages": log_entry.data.get("pages", 0)}

    @actions.register_action(services.CANCELLED)
    class Cancelled(LogFormatter):
        label = gettext_lazy("Cancel a release")

        def format_message(self, log_entry: Any) -> str:
            return _("Cancelled a planned release")
