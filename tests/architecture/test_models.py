"""What every model of ours keeps to."""

from django.apps import apps
from wagtail.models import Page
from wagtail.models.reference_index import ReferenceIndex

EDITORIAL = {
    "BankQuestion",
    "CertificateDesign",
    "CourseDocument",
    "CourseImage",
    "CourseMedia",
    "CourseRendition",
    "CourseTag",
    "Instructor",
    "HomePage",
}
OURS = {"courses", "learners", "accounts", "certificates", "cms"}


def test_only_editorial_models_are_in_the_reference_index() -> None:
    """Wagtail would otherwise queue an index task for every progress write and certificate."""
    indexed = {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in OURS and not issubclass(model, Page) and ReferenceIndex.model_is_indexable(model)
    }
    assert indexed - EDITORIAL == set()
