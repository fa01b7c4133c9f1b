"""The sign-up form."""

from learners.accounts.forms import SignupForm


def test_signup_form_asks_for_name_address_and_one_password():
    assert list(SignupForm().fields) == ["name", "email", "password1"]
