"""How clients name things: a course by slug or id."""

from uuid import UUID

from courses.editions.models import CourseState
from courses.editions.queries import find_state as find_by_slug
from courses.editions.queries import get_states


def find_state(named: str, locale: str = "") -> CourseState | None:
    """The course with this slug or this id, in ``locale`` where it is published in that."""
    try:
        key = UUID(named)
    except ValueError:
        return find_by_slug(named, locale)
    return get_states([key], locale).get(key) or find_by_slug(named, locale)
