"""App config of the learner folder."""

from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "learners"
    label = "learners"
    verbose_name = "Learners"

    def ready(self) -> None:
        # In this order: enrolments are locked before attempts, here as everywhere.
        from learners.progress import receivers as progress_receivers  # noqa: F401, I001 -- extends running blocks
        from learners.exams import receivers  # noqa: F401 -- extends running attempts on accommodation_granted
