"""Applying a pack on trial: everything is written, looked at, and undone."""

from collections.abc import Iterable
from typing import Any, cast

from django.db import transaction
from wagtail import hooks

from courses.editions.gates import CompileError
from courses.editions.services import batch
from courses.models.course import CoursePage
from courses.packs.apply import write_drafts
from courses.packs.comparison import compare_pack
from courses.packs.definition import Pack
from courses.packs.media_store import stored_files

# Whoever knows learners answers with numbers by name, for the course page as its drafts would have it.
HOOK = "describe_release_impact"


class _UndoneError(Exception):
    """Takes back what the trial wrote, files included."""


def find_impact(pack: Pack, *, prune: bool = False) -> dict[str, Any]:
    """What releasing the pack's course would do to its learners; empty for a course that nobody can be on yet.

    The drafts are written in a transaction that is rolled back. Raises ``PackError`` as applying would.
    """
    comparison = compare_pack(pack, prune=prune)
    if comparison.course.pages.get(pack.id) is None:
        return {}
    found: dict[str, Any] = {}
    try:
        with batch(), stored_files() as written, transaction.atomic():
            drafts = write_drafts(pack, comparison, None, written, prune=prune)
            course = CoursePage.objects.get(pk=drafts.course.pk)
            for describe in cast(Iterable[Any], hooks.get_hooks(HOOK)):
                found |= describe(course)
            raise _UndoneError
    except _UndoneError:
        return found
    except CompileError as error:
        return {"cannot_be_released": str(error)}
