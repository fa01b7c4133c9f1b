"""Forms of the learner pages."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.editions.models import CourseState
from learners.accounts.queries import time_zone_names
from learners.accounts.services import tidy_name
from learners.progress.reopening import MAX_NOTE


def _time_zone_choices() -> list[tuple[str, str]]:
    return [("", str(_("Same as the site"))), *((name, name.replace("_", " ")) for name in time_zone_names())]


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Full name, as it should be printed on certificates"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_time_zone_choices,
        required=False,
        help_text=_("Due dates end with your day."),
    )

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter your name."), code="required")
        return name


class TeamSearchForm(forms.Form):
    q = forms.CharField(max_length=100, required=False, strip=True)


class ExtensionForm(forms.Form):
    due_on = forms.DateField(
        label=_("New last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Until the end of that day where the learner is."),
    )
    note = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Shown to the learner, with your name, as the reason.")
    )


class ReopeningForm(forms.Form):
    note = forms.CharField(
        label=_("Why"),
        max_length=MAX_NOTE,
        help_text=_("Kept in the evidence with your name, which the learner can read."),
    )


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Name of the company"), max_length=150)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_time_zone_choices,
        required=False,
        help_text=_("The days of the company's deadlines end here."),
    )


def _course_choices() -> list[tuple[str, str]]:
    offered = CourseState.objects.filter(is_published=True).order_by("title").values_list("course_key", "title")
    titles = {str(key): title for key, title in offered}  # a course in several languages is one course
    return [("", str(_("Every course without a deadline of its own"))), *titles.items()]


class DeadlineRuleForm(forms.Form):
    """A day or a number of days; both or neither is refused by the service."""

    course_key = forms.ChoiceField(label=_("Course"), choices=_course_choices, required=False)
    due_on = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    days = forms.IntegerField(label=_("Or days after enrolling"), required=False, min_value=1, max_value=3650)
    note = forms.CharField(label=_("Note"), max_length=255, required=False, help_text=_("Shown with the deadline."))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        key = cleaned.get("course_key")
        cleaned["course_key"] = UUID(key) if key else None
        return cleaned
