"""The home panel of the admin: what needs attention, and the week in numbers."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from cms.dashboards.certificates import CertificateRegister
from cms.dashboards.queries import count_attention
from cms.dashboards.registers import EnrolmentRegister, LearnerRegister


class AttentionPanel(Component):
    name = "coursewright_attention"
    template_name = "admin/home_attention.html"
    order = 50

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user = parent_context["request"].user if parent_context else None
        can_see_people = bool(user and user.has_perm("learners.view_enrolment"))
        return {
            "attention": count_attention(),
            "can_see_people": can_see_people,
            "review_url": reverse("wagtailadmin_reports:workflow") + "?status=in_progress",
            "courses_url": reverse("courses:index"),
            "learners_url": LearnerRegister().url_helper.index_url,
            "enrolments_url": EnrolmentRegister().url_helper.index_url,
            "certificates_url": CertificateRegister().url_helper.index_url,
        }
