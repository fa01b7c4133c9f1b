"""App config of the content folder."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from courses.editions import receivers as publishing  # noqa: F401 -- connects the publish signals
        from courses.releases import receivers as reviewing  # noqa: F401 -- connects the workflow signals
