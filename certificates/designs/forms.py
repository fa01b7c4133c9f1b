"""Where a design is used, as a form: the course is chosen as a page and kept as its key."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminPageChooser

from courses.models import CoursePage


class DesignAssignmentForm(WagtailAdminModelForm):
    course = forms.ModelChoiceField(
        CoursePage.objects.none(),
        required=False,
        label=gettext_lazy("Course"),
        widget=AdminPageChooser(target_models=[CoursePage]),
        help_text=gettext_lazy("Only for this course, in all its languages. Empty: for every course."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = CoursePage.objects.filter(is_template=False)
        if self.instance.course_key:
            self.initial["course"] = (
                CoursePage.objects.filter(translation_key=self.instance.course_key).order_by("pk").first()
            )

    def clean_design(self) -> Any:
        design = self.cleaned_data["design"]
        if not design.live:
            raise forms.ValidationError(_("Publish this design first: certificates are issued with it at once."))
        return design

    def clean(self) -> dict[str, Any]:
        """The key is no field of the form, so that its constraint is checked here."""
        cleaned: dict[str, Any] = super().clean()
        course = cleaned.get("course")
        self.instance.course_key = course.translation_key if course else None
        others = type(self.instance).objects.exclude(pk=self.instance.pk)
        if others.filter(course_key=self.instance.course_key, company=cleaned.get("company")).exists():
            raise forms.ValidationError(_("There is a design for this already. Change that entry instead."))
        return cleaned
