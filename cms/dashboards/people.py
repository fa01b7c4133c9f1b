"""Users in the admin: Wagtail asks for a first and a last name; our people have one, which certificates print."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import IndexView, UserViewSet

from learners.accounts.models import User
from learners.accounts.services import tidy_name

STANDARD_FIELDS = ("email", "name", "is_superuser", "groups")


class NamedForm(forms.ModelForm):
    """One required name, tidied as everywhere else."""

    # Wagtail declares them; ``None`` takes a declared field away.
    first_name = None
    last_name = None

    name = forms.CharField(
        label=_("Full name"), max_length=150, help_text=_("As it should be printed on certificates.")
    )

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter a name."), code="required")
        return name


class PersonCreationForm(NamedForm, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = STANDARD_FIELDS


class PersonEditForm(NamedForm, UserEditForm):
    class Meta(UserEditForm.Meta):
        fields = (*STANDARD_FIELDS, "is_active")


class PeopleIndexView(IndexView):
    search_fields: ClassVar[set[str]] = {"name", "email"}


class PeopleViewSet(UserViewSet):
    index_view_class = PeopleIndexView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[AbstractBaseUser]]:
        return PersonEditForm if for_update else PersonCreationForm


class OwnNameForm(NamedForm):
    class Meta:
        model = User
        fields = ("name",)


class OwnNamePanel(BaseSettingsPanel):
    name = "own_name"
    title = _("Name")
    order = 100
    form_class = OwnNameForm


class OwnAccountView(AccountView):
    """Wagtail's account page, with our name in the place of its two. The e-mail address is changed on the site."""

    def get_panels(self) -> list[Any]:
        panels = [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]
        given = (self.request, self.request.user, panels[0].profile)
        return [OwnNamePanel(*given), *panels]
