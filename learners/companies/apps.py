"""App config of the customers' organisations."""

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "learners.companies"
    label = "companies"
    verbose_name = "Companies"
