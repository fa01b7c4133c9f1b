"""App config of the learner folder."""

from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "learners"
    label = "learners"
    verbose_name = "Learners"

    def ready(self) -> None:
        from learners.enrolments import receivers as deadline_receivers  # noqa: F401 -- deadlines follow new editions
        from learners.exams import receivers as exam_receivers  # noqa: F401 -- accommodations extend running attempts

        # In this order: enrolments are locked before attempts, here as everywhere.
        from learners.progress import receivers as progress_receivers  # noqa: F401 -- extends running blocks
