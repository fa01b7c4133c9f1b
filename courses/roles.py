"""Who may do what in the admin, as code: editor and reviewer groups, their permissions, and the review workflow."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import F, Max
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from courses.models.review import QualityGateTask

EDITORS = "Editors"
REVIEWERS = "Reviewers"
WORKFLOW = "Course review"
GATE = "Quality gate"
STOCK_GROUP = "Moderators"
STOCK_WORKFLOW = "Moderators approval"

EDITOR_PAGE_PERMISSIONS = ["add_page", "change_page"]
REVIEWER_PAGE_PERMISSIONS = [*EDITOR_PAGE_PERMISSIONS, "publish_page", "lock_page", "unlock_page", "reorder_page"]
# Wagtail asks for the permissions of its own file models, whatever models take their place.
FILE_PERMISSIONS = {
    "wagtailimages": ["add_image", "change_image", "choose_image"],
    "wagtaildocs": ["add_document", "change_document", "choose_document"],
    "wagtailmedia": ["add_media", "change_media"],
}
SNIPPET_PERMISSIONS = [
    f"{action}_{model}"
    for model in ("category", "instructor", "questioncategory", "bankquestion")
    for action in ("add", "change", "view")
]
# Courses that draw from the bank change with it, so publishing there is as publishing a page.
REVIEWER_SNIPPET_PERMISSIONS = ["publish_bankquestion"]


@transaction.atomic
def ensure_roles(*catalogues: Page) -> None:
    """Make both groups and the workflow, and set exactly these page permissions; safe to run again.

    There is one catalogue a language.

    Other permissions that an administrator gave the groups stay. Wagtail's stock moderation, which would also apply
    outside the catalogue, is retired when nobody uses it.
    """
    editors = _ensure_group(EDITORS)
    reviewers = _ensure_group(REVIEWERS)
    _set_page_permissions(editors, catalogues, EDITOR_PAGE_PERMISSIONS)
    _set_page_permissions(reviewers, catalogues, REVIEWER_PAGE_PERMISSIONS)
    for group in (editors, reviewers):
        group.permissions.add(*_permissions("wagtailadmin", ["access_admin"]))
        group.permissions.add(*_permissions("courses", SNIPPET_PERMISSIONS))
        group.permissions.add(*_permissions("wagtail_localize", ["submit_translation"]))
        _add_collection_permissions(group)
    reviewers.permissions.add(*_permissions("courses", REVIEWER_SNIPPET_PERMISSIONS))
    _ensure_workflow(reviewers, catalogues)
    _retire_stock_moderation()


def _ensure_group(name: str) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    return group


def _permissions(app_label: str, codenames: Iterable[str]) -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames))


def _set_page_permissions(group: Group, catalogues: Iterable[Page], codenames: list[str]) -> None:
    """Grants below the catalogues, and nowhere above them: Wagtail ships Editors with rights on the whole tree."""
    permissions = _permissions("wagtailcore", codenames)
    GroupPagePermission.objects.filter(group=group).exclude(page__in=catalogues, permission__in=permissions).delete()
    for catalogue in catalogues:
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(group=group, page=catalogue, permission=permission)


def _add_collection_permissions(group: Group) -> None:
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for app_label, codenames in FILE_PERMISSIONS.items():
        for permission in _permissions(app_label, codenames):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _ensure_workflow(reviewers: Group, catalogues: Iterable[Page]) -> None:
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW, defaults={"active": True})
    task = GroupApprovalTask.objects.filter(name=WORKFLOW).first() or GroupApprovalTask.objects.create(name=WORKFLOW)
    task.groups.set([reviewers])
    last = workflow.workflow_tasks.aggregate(last=Max("sort_order"))["last"]
    WorkflowTask.objects.get_or_create(
        workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0 if last is None else last + 1}
    )
    _ensure_gate(workflow)
    for catalogue in catalogues:
        WorkflowPage.objects.update_or_create(page=catalogue, defaults={"workflow": workflow})


def _ensure_gate(workflow: Workflow) -> None:
    """In front of every other task. A gate that is there already stays where an administrator put it."""
    gate = QualityGateTask.objects.filter(name=GATE).first() or QualityGateTask.objects.create(name=GATE)
    if not workflow.workflow_tasks.filter(task=gate.task_ptr).exists():
        workflow.workflow_tasks.update(sort_order=F("sort_order") + 1)
        WorkflowTask.objects.create(workflow=workflow, task=gate.task_ptr, sort_order=0)


def _retire_stock_moderation() -> None:
    stock = Workflow.objects.filter(name=STOCK_WORKFLOW, active=True).first()
    if stock is not None and not stock.workflow_states.active().exists():
        WorkflowPage.objects.filter(workflow=stock).delete()
        stock.deactivate()
    moderators = Group.objects.filter(name=STOCK_GROUP).first()
    if moderators is not None and not moderators.user_set.exists():
        moderators.delete()
