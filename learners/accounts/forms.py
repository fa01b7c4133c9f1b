"""The sign-up form: allauth's, plus the name that certificates print."""

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from learners.accounts.services import tidy_name


class SignupForm(allauth_forms.SignupForm):
    name = forms.CharField(
        label=_("Full name, as it should be printed on certificates"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter your name."), code="required")
        return name
