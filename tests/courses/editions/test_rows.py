"""Live pages as rows: in order, with raw streams, two queries for any number of them."""

import json

import pytest

from courses.editions.rows import read_live_tree, read_stream, read_whole_tree
from courses.models import LessonPage, ModulePage
from tests.factories.pages import make_course, make_item, make_text

pytestmark = pytest.mark.django_db


def test_lessons_come_in_order_with_body_and_rules_as_they_are_stored(catalogue):
    course = make_course(catalogue, modules=2, lessons=2)
    body, rules = [make_text("Hello")], [make_item("lesson", {"page": 1, "minimum_score": None})]
    first = LessonPage.objects.order_by("path").first()
    LessonPage.objects.filter(pk=first.pk).update(body=body, requires=rules)

    rows = read_live_tree(course).lessons

    assert [row["title"] for row in rows] == [page.title for page in LessonPage.objects.order_by("path")]
    assert (read_stream(rows[0]["stored"]), rows[0]["requires"]) == (body, rules)
    assert [row["requires"] for row in rows[1:]] == [[], [], []]


def test_pages_that_are_not_live_are_left_out(catalogue):
    course = make_course(catalogue, modules=2, lessons=1)
    ModulePage.objects.filter(title="Module 2").update(live=False)
    LessonPage.objects.filter(title__startswith="Lesson 1.").update(live=False)
    tree = read_live_tree(course)
    assert [row["title"] for row in tree.modules] == ["Module 1"]
    assert [row["title"] for row in tree.lessons] == ["Lesson 2.1"]
    assert [row["live"] for row in read_whole_tree(course).lessons] == [False, True]


@pytest.mark.parametrize("lessons", [1, 3])
@pytest.mark.parametrize("read", [read_live_tree, read_whole_tree])
def test_one_query_for_modules_and_one_for_lessons(catalogue, lessons, read, django_assert_num_queries):
    course = make_course(catalogue, modules=1, lessons=lessons)
    with django_assert_num_queries(2):
        tree = read(course)
    assert (len(tree.modules), len(tree.lessons)) == (1, lessons)


@pytest.mark.parametrize("stored", [None, "", "[]", "null", '""'])
def test_an_empty_stream_has_no_items(stored):
    assert read_stream(stored) == []


def test_a_stream_that_was_stored_as_text_is_read_as_well():
    items = [make_text("Hello")]
    assert read_stream(json.dumps(json.dumps(items))) == items
