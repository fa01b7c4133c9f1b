"""App config of accounts: the user model comes first and knows no page."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "learners.accounts"
    label = "accounts"
    verbose_name = "Accounts"
