"""Lesson pages: ids of blocks that stay, whatever wrote the body."""

import json
from typing import Any

from courses.blocks.ids import has_all_ids
from courses.models import CataloguePage, LessonPage, ModulePage
from tests.factories.pages import make_course, make_lesson, make_module, make_quiz


def make_here(catalogue: CataloguePage) -> ModulePage:
    return make_module(make_course(catalogue))


def strip_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as a careless writer leaves them: no ids at any depth."""
    plain = json.loads(json.dumps(blocks))
    for block in plain:
        del block["id"]
        for question in block["value"]["questions"]:
            del question["id"]
            for choice in question["value"]["choices"]:
                del choice["id"]
    return plain


def raw_of(page: LessonPage) -> list[dict[str, Any]]:
    return list(page.body.get_prep_value())


def test_saving_gives_ids_that_every_read_agrees_on(catalogue: CataloguePage) -> None:
    lesson = make_lesson(make_here(catalogue), blocks=strip_ids([make_quiz()]))
    first, second = (LessonPage.objects.get(pk=lesson.pk) for _ in range(2))
    assert has_all_ids(first.body.stream_block, raw_of(first))
    assert raw_of(first) == raw_of(second)


def test_revision_of_a_live_page_has_ids_though_the_page_is_not_saved(catalogue: CataloguePage) -> None:
    lesson = make_lesson(make_here(catalogue))
    lesson.body = json.dumps(strip_ids([make_quiz()]))
    revision = lesson.save_revision(clean=False)
    stored = json.loads(revision.content["body"])
    assert has_all_ids(lesson.body.stream_block, stored)


def test_saving_leaves_good_ids_alone(catalogue: CataloguePage) -> None:
    quiz = make_quiz()
    lesson = make_lesson(make_here(catalogue), blocks=[quiz])
    again = LessonPage.objects.get(pk=lesson.pk)
    again.save()
    assert raw_of(again) == [quiz]


def test_saving_parts_a_block_from_its_copy(catalogue: CataloguePage) -> None:
    quiz = make_quiz()
    lesson = make_lesson(make_here(catalogue), blocks=[quiz, quiz])
    first, second = raw_of(LessonPage.objects.get(pk=lesson.pk))
    assert first == quiz
    assert second["id"] != quiz["id"]


def test_copies_of_a_page_keep_block_ids(catalogue: CataloguePage) -> None:
    lesson = make_lesson(make_here(catalogue), blocks=[make_quiz()])
    copy = lesson.copy(update_attrs={"slug": "copy"})
    assert raw_of(copy) == raw_of(lesson)
