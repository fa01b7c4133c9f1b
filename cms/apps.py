"""App configs of the composition root: its own, and static files without what nobody asks for."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CmsConfig(AppConfig):
    default = True
    name = "cms"
    label = "cms"
    verbose_name = "Coursewright"


class LeanStaticFilesConfig(StaticFilesConfig):
    """Leaves out Redoc and the browsable API, neither of which is served: most of the time ``collectstatic`` takes."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "rest_framework"]
