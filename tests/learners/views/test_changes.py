"""What learners read about releases, and what they may not read there."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.editions.models import CourseState, Edition, Release
from learners.accounts.models import User
from tests.factories.courses import SECRET, make_edition, make_lesson, make_module, quiz_block, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory

TEXT = text_block(html="<p>Ask one question.</p>")
TIMED = text_block(html="<p>The clock runs.</p>", time_limit=5)
QUIZ = quiz_block()
KEY = str(uuid.uuid4())


def lesson(*blocks: dict[str, Any], title: str = "Opening", key: str = KEY) -> dict[str, Any]:
    return make_lesson(*blocks, title=title, key=key)


def release(state: CourseState, previous: Edition | None, **values: Any) -> Release:
    facts = {"policy": "everyone", "released_at": timezone.now(), "change_class": "major"} | values
    return Release.objects.create(edition=state.edition, previous=previous, **facts)


@pytest.fixture
def state(db: None) -> CourseState:
    """Edition 1 and 2 of a course: a text reworded, a timed text changed, a lesson more."""
    module = make_module(lesson(TEXT, TIMED, QUIZ))
    state = make_edition(modules=[module], title="Selling")
    first = state.edition
    release(state, None, change_class="")
    changed = lesson(TEXT | {"html": "<p>Ask two questions.</p>"}, TIMED | {"html": "<p>Race it.</p>"}, QUIZ)
    more = make_lesson(text_block(html="<p>All about prices.</p>"), title="Prices")
    state = make_edition(modules=[module | {"lessons": [changed, more]}], title="Selling", state=state)
    release(state, first, note="A lesson on prices.")
    return state


@pytest.fixture
def learner(client: Client, state: CourseState) -> User:
    learner = UserFactory()
    EnrolmentFactory(user=learner, course_key=state.course_key, edition=state.edition)
    client.force_login(learner)
    return learner


def page(client: Client, state: CourseState, number: str = "") -> str:
    response = client.get(f"/learn/changes/{state.slug}/{number}")
    assert response.status_code == 200
    return response.content.decode()


def test_pages_of_learners_are_kept_by_no_cache(client: Client, state: CourseState, learner: User) -> None:
    for number in ("", "2/"):
        response = client.get(f"/learn/changes/{state.slug}/{number}")
        assert response.headers["Cache-Control"] == "private, no-store"


def test_releases_are_listed_with_notes_newest_first(client: Client, state: CourseState, learner: User) -> None:
    text = page(client, state)
    assert "You study edition 2." in text
    assert text.index("Edition 2</a>") < text.index("A lesson on prices.") < text.index("Edition 1</h2>")


def test_a_release_shows_words_added_and_removed_and_new_lessons(
    client: Client, state: CourseState, learner: User
) -> None:
    text = page(client, state, "2/")
    assert "Ask <del>one question.</del><ins>two questions.</ins>" in text
    assert ("Prices" in text, "All about prices." in text, "A lesson on prices." in text) == (True, True, True)
    assert SECRET not in text


def test_timed_parts_are_not_read_here(client: Client, state: CourseState, learner: User) -> None:
    text = page(client, state, "2/")
    assert ("The clock runs." in text, "Race it." in text) == (False, False)


def test_locked_lessons_are_named_and_not_read(client: Client, state: CourseState, learner: User) -> None:
    first = state.edition
    locked = make_lesson(text_block(html="<p>Later.</p>"), title="Locked", release_after_days=30)
    module = make_module(lesson(TEXT, TIMED, QUIZ), locked)
    state = make_edition(modules=[module], title="Selling", state=state)
    release(state, first)
    text = page(client, state, "3/")
    assert ("Locked" in text, "Later." in text) == (True, False)


def test_whoever_may_not_read_the_lessons_does_not_read_them_here(client: Client, state: CourseState) -> None:
    for visitor in (None, UserFactory()):
        if visitor is not None:
            client.force_login(visitor)
        text = page(client, state, "2/")
        assert ("two questions." in text, "All about prices." in text) == (False, False)
        assert "Opening" in text


@pytest.mark.parametrize("number", ["1/", "7/"])
def test_there_is_nothing_to_compare_the_first_edition_with(
    client: Client, state: CourseState, learner: User, number: str
) -> None:
    assert client.get(f"/learn/changes/{state.slug}/{number}").status_code == 404


def test_course_page_leads_there_once_there_is_a_second_edition(
    client: Client, state: CourseState, learner: User
) -> None:
    text = client.get(f"/courses/{state.slug}/").content.decode()
    assert f'<a href="/learn/changes/{state.slug}/">Edition 2: what changed</a>' in text


@pytest.mark.parametrize("releases", [0, 2])
def test_list_takes_the_same_number_of_queries(
    client: Client, state: CourseState, learner: User, releases: int
) -> None:
    for _number in range(releases):
        before = state.edition
        state = make_edition(modules=[make_module(lesson(text_block()))], title="Selling", state=state)
        release(state, before)
    page(client, state)
    with CaptureQueriesContext(connection) as queries:
        page(client, state)
    assert len(queries) == 10
