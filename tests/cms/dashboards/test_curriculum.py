"""The curriculum screen: who may see it, what its forms do without a script, and what the script gets."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.curriculum.queries import read_shape
from courses.curriculum.templates import ensure_shelf
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory, make_editor
from tests.factories.pages import make_course, make_lesson, make_quiz


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    ensure_roles(catalogue)
    return make_course(catalogue, "Selling", modules=2, lessons=2)


def make_member(group: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def reviewer(course: CoursePage, client: Client) -> User:
    user = make_member(REVIEWERS)
    client.force_login(user)
    return user


def page_of(course: CoursePage) -> str:
    return f"/admin/courses/{course.pk}/curriculum/"


def lesson(title: str) -> LessonPage:
    return LessonPage.objects.get(title=title)


def act(client: Client, course: CoursePage, do: str, **fields: Any) -> list[tuple[str, str]]:
    """Presses a button without a script and returns the messages of the page that comes."""
    data = {"do": do, "version": read_shape(course)[1], **fields}
    response = client.post(page_of(course), data, follow=True)
    assert response.redirect_chain == [(page_of(course), 302)]
    return [(message.level_tag, str(message)) for message in response.context["messages"]]


def order(course: CoursePage) -> list[list[str]]:
    titles = dict(LessonPage.objects.values_list("pk", "draft_title"))
    return [[titles[pk] for pk in lessons] for lessons in read_shape(course)[0].modules.values()]


def test_the_page_shows_the_tree(client: Client, reviewer: User, course: CoursePage) -> None:
    make_lesson(ModulePage.objects.get(title="Module 2"), "Quiz", blocks=[make_quiz()], minutes=9, live=False)
    text = client.get(page_of(course)).content.decode()
    assert "Curriculum: Selling" in text
    rows = [text.index(f'data-title="{title}"') for title in ("Module 1", "Lesson 1.1", "Module 2", "Quiz")]
    assert rows == sorted(rows)
    assert ("9 min" in text, "1 of 1 required" in text, "Draft" in text) == (True, True, True)


def test_buttons_lead_to_it(client: Client, reviewer: User, course: CoursePage) -> None:
    for address in (f"/admin/pages/{course.pk}/edit/", "/admin/courses/", f"/admin/pages/{course.get_parent().pk}/"):
        assert page_of(course) in client.get(address).content.decode()


def test_forms_move_rename_set_and_add(client: Client, reviewer: User, course: CoursePage) -> None:
    first = lesson("Lesson 1.1")
    assert act(client, course, f"down:{first.pk}") == [("success", "Moved.")]
    assert order(course)[0] == ["Lesson 1.2", "Lesson 1.1"]
    assert act(client, course, "rename", page=first.pk, title="New") == [
        ("success", "Renamed, as a draft: learners see the new title once it is published.")
    ]
    module = ModulePage.objects.get(title="Module 2")
    assert act(client, course, "move", lesson=[first.pk], module=module.pk) == [("success", "1 lesson moved.")]
    assert order(course)[1] == ["Lesson 2.1", "Lesson 2.2", "New"]
    assert act(client, course, "rules", lesson=[first.pk], required="no", time_limit="5", kind="markdown") == [
        ("success", "1 blocks changed in 1 lessons, as drafts: learners see it once they are published.")
    ]
    assert act(client, course, "add-module", title="Third") == [
        ("success", "The module “Third” was added, as a draft.")
    ]
    assert act(client, course, "add-lesson", module=module.pk, title="Fresh") == [
        ("success", "The lesson “Fresh” was added, as a draft.")
    ]
    assert act(client, course, "place", page=first.pk, parent=module.pk, index=0) == [("success", "Moved.")]
    assert order(course)[1][0] == "New"


def test_a_lesson_is_added_from_a_template(
    client: Client, reviewer: User, course: CoursePage, catalogue: CataloguePage
) -> None:
    template = ensure_shelf(catalogue)[0].add_child(instance=LessonPage(title="Case", live=False))
    assert f'<option value="{template.pk}">Case</option>' in client.get(page_of(course)).content.decode()
    module = ModulePage.objects.get(title="Module 1")
    act(client, course, "add-lesson", module=module.pk, template=template.pk, title="")
    assert order(course)[0] == ["Lesson 1.1", "Lesson 1.2", "Case"]


def test_a_move_that_leaves_gates_behind_is_warned_of(client: Client, reviewer: User, course: CoursePage) -> None:
    later = lesson("Lesson 1.2")
    later.requires = [{"type": "lesson", "value": {"page": lesson("Lesson 1.1").pk, "minimum_score": None}}]
    later.save_revision()
    assert act(client, course, f"up:{later.pk}") == [
        ("success", "Moved."),
        ("warning", "“Lesson 1.2” now comes before “Lesson 1.1”, which has to be completed before it opens."),
    ]


def test_an_old_page_does_nothing_and_shows_the_new_tree(client: Client, reviewer: User, course: CoursePage) -> None:
    seen = read_shape(course)[1]
    first = lesson("Lesson 1.1")
    act(client, course, "rename", page=first.pk, title="By somebody else")
    data = {"do": f"down:{first.pk}", "version": seen}
    text = client.post(page_of(course), data, headers={"x-requested-with": "curriculum"}).content.decode()
    assert 'data-note="error"' in text
    assert ("changed meanwhile" in text, "By somebody else" in text, "<html" in text) == (True, True, False)
    assert order(course)[0] == ["By somebody else", "Lesson 1.2"]


@pytest.mark.parametrize(
    "fields",
    [
        {"do": ""},
        {"do": "explode"},
        {"do": "up:x"},
        {"do": "up:99999999999999999999"},
        {"do": "place", "page": "x", "parent": "-1", "index": "many"},
        {"do": "move", "lesson": ["x", "²", "9" * 30]},
        {"do": "rules", "lesson": ["1"], "time_limit": "soon"},
        {"do": "rules", "time_limit": "-5"},
        {"do": "rename", "title": "\0"},
        {"do": "add-lesson", "template": "x"},
    ],
)
def test_nonsense_is_refused_in_words(
    client: Client, reviewer: User, course: CoursePage, fields: dict[str, Any]
) -> None:
    before = order(course)
    [(level, _text)] = act(client, course, **fields)
    assert (level, order(course)) == ("error", before)


def test_a_row_can_be_renamed_without_a_script(client: Client, reviewer: User, course: CoursePage) -> None:
    first = lesson("Lesson 1.1")
    text = client.get(f"{page_of(course)}?rename={first.pk}").content.decode()
    assert f'<input type="hidden" name="page" value="{first.pk}">' in text
    assert client.get(f"{page_of(course)}?rename=²").status_code == 200


def test_an_editor_sees_it_without_the_order(client: Client, course: CoursePage) -> None:
    client.force_login(make_member(EDITORS))
    text = client.get(page_of(course)).content.decode()
    assert ("data-grab " in text, 'value="up:' in text, "data-rename" in text) == (False, False, True)
    assert "You may not change the order here" in text
    [(level, text)] = act(client, course, f"down:{lesson('Lesson 1.1').pk}")
    assert (level, "may not change the order" in text) == ("error", True)


def test_strangers_see_nothing(client: Client, course: CoursePage) -> None:
    person = make_editor(name="Without pages")
    person.groups.first().page_permissions.all().delete()
    client.force_login(person)
    response = client.get(page_of(course))
    assert (response.status_code, "Lesson 1.1" in response.content.decode()) == (302, False)
    client.force_login(UserFactory())
    assert client.post(page_of(course), {"do": "add-module", "title": "Mine"}).status_code == 302
    assert not ModulePage.objects.filter(title="Mine").exists()
    client.force_login(UserFactory(admin=True))
    assert client.get("/admin/courses/999999/curriculum/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_has_a_fixed_number_of_queries(
    client: Client, reviewer: User, catalogue: CataloguePage, number: int
) -> None:
    course = make_course(catalogue, "Counted", modules=number, lessons=number)
    for page in course.get_descendants():
        page.specific.save_revision()
    client.get(page_of(course))
    with CaptureQueriesContext(connection) as queries:
        client.get(page_of(course))
    assert len(queries) == 16
