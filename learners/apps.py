"""App config of the learner folder."""

from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "learners"
    label = "learners"
    verbose_name = "Learners"

    def ready(self) -> None:
        from learners.exams import receivers  # noqa: F401 -- extends running attempts on accommodation_granted
