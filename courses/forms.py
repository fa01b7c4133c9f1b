"""Forms of the page editor: reviewers can send back a page that is not fit to be published."""

from wagtail.admin.forms import WagtailAdminPageForm


class ReviewedPageForm(WagtailAdminPageForm):
    def is_valid(self) -> bool:
        """Wagtail validates as if for publishing on every workflow action; only an approval publishes."""
        if "action-workflow-action" in self.data and self.data.get("workflow-action-name") != "approve":
            self.defer_required_fields()
        return super().is_valid()
