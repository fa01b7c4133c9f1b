"""Who may do what with certificate designs: editors draft, reviewers publish and say where a design is used."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Workflow, WorkflowContentType

from certificates.models import CertificateDesign
from courses.roles import EDITORS, REVIEWERS, WORKFLOW

EDITOR_PERMISSIONS = [
    "add_certificatedesign",
    "change_certificatedesign",
    "view_certificatedesign",
    "view_designassignment",
]
REVIEWER_PERMISSIONS = [
    *EDITOR_PERMISSIONS,
    "publish_certificatedesign",
    "lock_certificatedesign",
    "unlock_certificatedesign",
    "add_designassignment",
    "change_designassignment",
    "delete_designassignment",
]


@transaction.atomic
def ensure_design_roles() -> None:
    """Give both groups of ``courses.roles`` their permissions and designs the courses' workflow; safe to run again.

    A workflow that an administrator chose for designs stays.
    """
    for name, codenames in ((EDITORS, EDITOR_PERMISSIONS), (REVIEWERS, REVIEWER_PERMISSIONS)):
        permissions = Permission.objects.filter(content_type__app_label="certificates", codename__in=codenames)
        Group.objects.get(name=name).permissions.add(*permissions)
    WorkflowContentType.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(CertificateDesign),
        defaults={"workflow": Workflow.objects.get(name=WORKFLOW)},
    )
