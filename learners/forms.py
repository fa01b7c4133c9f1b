"""Forms of the learner pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from learners.accounts.queries import time_zone_names
from learners.accounts.services import tidy_name


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
