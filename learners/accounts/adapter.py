"""What we ask of allauth: anyone may sign up, names are one field, and everyone lands where they were going."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from learners.accounts.models import User, fold_email
from learners.accounts.services import tidy_name


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Only asked when the address has no ``?next=``. Staff land here too: the header links to the admin."""
        return reverse("learner-home")

    def clean_email(self, email: str) -> str:
        return fold_email(email)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = tidy_name(form.cleaned_data.get("name") or "")[:150]
        return super().save_user(request, user, form, commit=commit)
