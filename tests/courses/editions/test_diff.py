"""What two editions differ in, and how much each difference matters."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.editions.diff import BlockChange, CourseDiff, LessonChange, diff
from tests.factories.courses import make_lesson, make_module, make_view, quiz_block, text_block, video_block

TEXT = text_block(id="t1")
EXTRA = text_block(id="t2", is_required=False)
FILM = video_block(id="v1")
QUIZ = quiz_block(id="q1")
LESSON = make_lesson(TEXT, EXTRA, FILM, QUIZ, key="l1", title="First")
OTHER = make_lesson(text_block(id="t3"), key="l2", title="Second")
THIRD = make_lesson(text_block(id="t4"), key="l3", title="Third")
MODULE = make_module(LESSON, OTHER, THIRD)
OLD = make_view(MODULE)


def with_lessons(*lessons: dict[str, Any]) -> dict[str, Any]:
    return MODULE | {"lessons": list(lessons)}


def with_blocks(*blocks: dict[str, Any]) -> CourseDiff:
    return diff(OLD, make_view(with_lessons(LESSON | {"blocks": list(blocks)}, OTHER, THIRD)))


def summary(found: CourseDiff) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(block.kind, block.block_id, block.change_class, block.fields) for block in found.blocks]


def test_equal_editions_differ_in_nothing() -> None:
    found = diff(OLD, make_view(MODULE))
    assert (found, found.is_empty, found.change_class) == (CourseDiff(), True, "cosmetic")


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ((TEXT | {"html": "<p>Other words.</p>"}, EXTRA, FILM, QUIZ), ("changed", "t1", "cosmetic", ("html",))),
        ((TEXT, EXTRA, FILM | {"poster": {"id": 3}}, QUIZ), ("changed", "v1", "cosmetic", ("poster",))),
        ((TEXT, EXTRA, FILM | {"required_percent": 50}, QUIZ), ("changed", "v1", "minor", ("required_percent",))),
        ((TEXT | {"time_limit": 5}, EXTRA, FILM, QUIZ), ("changed", "t1", "minor", ("time_limit",))),
        ((TEXT, EXTRA | {"is_required": True}, FILM, QUIZ), ("changed", "t2", "major", ("is_required",))),
        ((TEXT | {"is_required": False}, EXTRA, FILM, QUIZ), ("changed", "t1", "major", ("is_required",))),
        ((TEXT, FILM, QUIZ), ("removed", "t2", "minor", ())),
        ((EXTRA, FILM, QUIZ), ("removed", "t1", "major", ())),
        ((TEXT, EXTRA, FILM, QUIZ, text_block(id="new")), ("added", "new", "major", ())),
        ((TEXT, EXTRA, FILM, QUIZ, text_block(id="new", is_required=False)), ("added", "new", "minor", ())),
        ((TEXT, EXTRA, FILM, QUIZ | {"attempts_allowed": 2}), ("changed", "q1", "minor", ("attempts_allowed",))),
    ],
)
def test_each_change_of_a_block_has_its_class(
    blocks: tuple[dict[str, Any], ...], expected: tuple[str, str, str, tuple[str, ...]]
) -> None:
    found = with_blocks(*blocks)
    assert summary(found) == [expected]
    assert found.change_class == expected[2]


def test_a_corrected_key_is_major_and_a_corrected_question_cosmetic() -> None:
    question = QUIZ["_quiz"].questions[0]
    flipped = tuple(replace(choice, is_correct=not choice.is_correct) for choice in question.choices)
    keyed = QUIZ | {"_quiz": replace(QUIZ["_quiz"], questions=(replace(question, choices=flipped),))}
    worded = QUIZ | {"_quiz": replace(QUIZ["_quiz"], questions=(replace(question, prompt="Which of them?"),))}
    assert summary(with_blocks(TEXT, EXTRA, FILM, keyed)) == [("changed", "q1", "major", ("key",))]
    assert summary(with_blocks(TEXT, EXTRA, FILM, worded)) == [("changed", "q1", "cosmetic", ("questions",))]


def test_a_pass_mark_is_major_for_quiz_and_course() -> None:
    quiz = QUIZ | {"pass_percent": 80, "_quiz": replace(QUIZ["_quiz"], pass_percent=80)}
    assert summary(with_blocks(TEXT, EXTRA, FILM, quiz)) == [("changed", "q1", "major", ("pass_percent", "key"))]
    found = diff(OLD, make_view(MODULE, passing_percentage=80))
    assert [(change.name, change.before, change.after) for change in found.course] == [("passing_percentage", 70, 80)]
    assert found.change_class == "major"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"title": "Selling better"}, "cosmetic"),
        ({"completion_days": 30}, "minor"),
        ({"progression": "in_order"}, "minor"),
    ],
)
def test_facts_of_the_course_have_their_classes(facts: dict[str, Any], expected: str) -> None:
    found = diff(OLD, make_view(MODULE, **facts))
    assert [change.name for change in found.course] == list(facts)
    assert found.change_class == expected


def test_blocks_in_another_order_are_no_change_of_a_block() -> None:
    found = with_blocks(FILM, TEXT, EXTRA, QUIZ)
    assert [(lesson.is_reordered, lesson.blocks, lesson.change_class) for lesson in found.lessons] == [
        (True, (), "cosmetic")
    ]


def test_as_few_lessons_as_possible_count_as_moved() -> None:
    found = diff(OLD, make_view(with_lessons(OTHER, THIRD, LESSON)))
    assert [(lesson.lesson_id, lesson.is_moved, lesson.change_class) for lesson in found.lessons] == [
        ("l1", True, "minor")
    ]


def test_a_lesson_in_another_module_is_moved_and_keeps_its_blocks() -> None:
    found = diff(OLD, make_view(with_lessons(LESSON, OTHER), make_module(THIRD, title="Module 2") | {"id": "m2"}))
    assert [(change.kind, change.title) for change in found.modules] == [("added", "Module 2")]
    assert [(lesson.lesson_id, lesson.is_moved, lesson.blocks) for lesson in found.lessons] == [("l3", True, ())]


def test_a_removed_lesson_names_every_block_that_went_with_it() -> None:
    found = diff(OLD, make_view(with_lessons(OTHER, THIRD)))
    assert [(lesson.kind, lesson.title, lesson.module_title) for lesson in found.lessons] == [
        ("removed", "First", "Module 1")
    ]
    assert [block.block_id for block in found.blocks] == ["t1", "t2", "v1", "q1"]
    assert [block.seconds for block in found.blocks] == [0, 0, 0, 0]


def test_an_added_block_tells_how_long_it_takes() -> None:
    found = with_blocks(TEXT, EXTRA, FILM, QUIZ, video_block(id="v2", duration=240.0))
    assert [(block.seconds, block.title) for block in found.blocks] == [(240.0, "A film")]


def test_where_nothing_is_required_a_lesson_more_is_required_itself() -> None:
    free = make_module(make_lesson(EXTRA, key="l1", title="First"))
    more = free | {"lessons": [*free["lessons"], make_lesson(text_block(is_required=False), key="l9", title="Ninth")]}
    assert diff(make_view(free), make_view(more)).change_class == "major"
    bound = make_module(LESSON)
    more = bound | {"lessons": [*bound["lessons"], make_lesson(text_block(is_required=False), key="l9", title="Ninth")]}
    assert diff(make_view(bound), make_view(more)).change_class == "minor"


def test_unchanged_lessons_need_no_documents() -> None:
    changed = make_view(with_lessons(LESSON | {"title": "Renamed"}, OTHER, THIRD))
    slim = [
        replace(view, documents={"l1": view.documents["l1"]}, quizzes={"l1": view.quizzes["l1"]})
        for view in (OLD, changed)
    ]
    found = diff(*slim)
    assert found == diff(OLD, changed)
    assert [[field.name for field in lesson.fields] for lesson in found.lessons] == [["title"]]


# Random courses of up to five lessons of up to four blocks from a small stock: two of them have much in common.
stock = [text_block(id=f"b{n}", is_required=bool(n % 2), html=f"<p>{n}</p>") for n in range(6)]
bodies = st.lists(st.sampled_from(stock), max_size=4, unique_by=lambda block: block["id"])
orders = st.lists(st.sampled_from("abcde"), max_size=5, unique=True)


@st.composite
def courses(draw: st.DrawFn) -> Any:
    lessons = [make_lesson(*draw(bodies), key=key, title=key) for key in draw(orders)]
    cut = draw(st.integers(0, len(lessons)))
    modules = [
        make_module(*part, title=f"M{n}") | {"id": f"m{n}"} for n, part in enumerate((lessons[:cut], lessons[cut:]))
    ]
    return make_view(*modules)


def kinds(changes: tuple[LessonChange | BlockChange, ...]) -> set[str]:
    return {change.kind for change in changes}


@given(courses(), courses())
def test_the_difference_turned_round_adds_what_was_removed(old: Any, new: Any) -> None:
    there, back = diff(old, new), diff(new, old)

    def named(found: CourseDiff, kind: str) -> set[tuple[str, str]]:
        return {(block.lesson_id, block.block_id) for block in found.blocks if block.kind == kind}

    assert named(there, "added") == named(back, "removed")
    assert named(there, "removed") == named(back, "added")
    assert named(there, "changed") == named(back, "changed")
    assert there.is_empty == back.is_empty


@given(courses(), courses())
def test_the_difference_explains_every_block_of_the_new_course(old: Any, new: Any) -> None:
    def units(view: Any) -> dict[tuple[str, str], Any]:
        return {(key, block["id"]): block for key, doc in view.documents.items() for block in doc["blocks"]}

    expected = units(old)
    for block in diff(old, new).blocks:
        key = (block.lesson_id, block.block_id)
        if block.kind == "removed":
            del expected[key]
        else:
            expected[key] = block.after
    assert expected == units(new)
