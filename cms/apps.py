"""App configs of the composition root: its own, users as we know them, static files without what nobody asks for."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    default = True
    name = "cms"
    label = "cms"
    verbose_name = "Coursewright"


class LeanStaticFilesConfig(StaticFilesConfig):
    """Leaves out Redoc and the browsable API, neither of which is served: most of the time ``collectstatic`` takes."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "rest_framework"]


class PeopleConfig(WagtailUsersAppConfig):
    """The admin's users, with the one name that our people have."""

    user_viewset = "cms.dashboards.people.PeopleViewSet"
