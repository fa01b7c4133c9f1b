"""Importing into the bank: a trial first, then everything or nothing, and nothing twice."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import ModelLogEntry

from courses.bank.queries import write_category_gift
from courses.bank.services import ImportPlan, ImportRefusedError, import_questions, plan_import
from courses.editions.models import CourseState
from courses.editions.services import compile_course
from courses.models import BankQuestion, CataloguePage, QuestionCategory
from learners.accounts.models import User
from tests.factories.learners import UserFactory, make_editor
from tests.factories.pages import make_bank, make_bank_quiz, make_course, make_lesson, make_module

TEXT = "::One::Is it? {T}\n\n::Two::Which? {=This ~That}\n"


@pytest.fixture
def category(db: None) -> QuestionCategory:
    return make_bank("Safety")


def plan(text: str, category: QuestionCategory, text_format: Any = "gift") -> ImportPlan:
    return plan_import(text=text, text_format=text_format, category=category)


def put(text: str, category: QuestionCategory, user: User, **settings: Any) -> tuple[int, int, bool]:
    done = import_questions(text=text, text_format="gift", category=category, user=user, **settings)
    return done.made, done.left_out, done.is_live


def titles(**filters: Any) -> list[str]:
    return list(BankQuestion.objects.filter(**filters).order_by("pk").values_list("title", flat=True))


def test_a_plan_changes_nothing(category: QuestionCategory) -> None:
    made = plan(TEXT + "\n$CATEGORY: Art\nWho? {=Ann}", category)
    assert [(item.read.title, item.category, item.type_label, item.is_there) for item in made.planned] == [
        ("One", "Safety", "True or false", False),
        ("Two", "Safety", "One right answer", False),
        ("Who?", "Art", "Short text", False),
    ]
    assert made.new_categories == ["Art"]
    assert (BankQuestion.objects.count(), QuestionCategory.objects.count()) == (0, 1)


def test_drafts_are_made_with_their_author(category: QuestionCategory, editor: User) -> None:
    assert put(TEXT, category, editor) == (2, 0, False)
    assert titles(category=category, live=False) == ["One", "Two"]
    row = BankQuestion.objects.get(title="Two")
    assert (row.latest_revision.user, row.has_unpublished_changes) == (editor, True)
    assert QuestionCategory.load_questions([category.pk]) == {}
    log = ModelLogEntry.objects.for_instance(row).order_by("pk").values_list("action", "user")
    assert list(log) == [("wagtail.create", editor.pk), ("wagtail.edit", editor.pk)]


def test_the_same_text_again_adds_what_is_new(category: QuestionCategory, editor: User) -> None:
    put(TEXT, category, editor)
    grown = TEXT + "\nThree? {F}\n\nThree? {F}\n"
    assert [item.is_there for item in plan(grown, category).planned] == [True, True, False, True]
    assert put(grown, category, editor) == (1, 3, False)
    assert titles() == ["One", "Two", "Three?"]


def test_one_fault_stops_all(category: QuestionCategory, editor: User) -> None:
    with pytest.raises(ImportRefusedError, match="mend what is listed"):
        put(TEXT + "\nbad {\n", category, editor)
    assert titles() == []


def test_publishing_compiles_the_courses_that_draw(
    catalogue: CataloguePage, reviewer: User, django_capture_on_commit_callbacks: Any
) -> None:
    category = make_bank("Drawn", questions=1)
    course = make_course(catalogue)
    make_lesson(make_module(course), blocks=[make_bank_quiz(category)])
    compile_course(course.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert put(TEXT, category, reviewer, publish=True) == (2, 0, True)
    assert titles(live=True, has_unpublished_changes=False) == ["Drawn 1?", "One", "Two"]
    assert CourseState.objects.get(course=course).edition.number == 2
    with django_capture_on_commit_callbacks(execute=True):
        put("Draft? {T}", category, reviewer)
    assert CourseState.objects.get(course=course).edition.number == 2


def test_who_may_not_does_not(category: QuestionCategory, editor: User) -> None:
    with pytest.raises(ImportRefusedError, match="may not publish"):
        put(TEXT, category, editor, publish=True)
    with pytest.raises(ImportRefusedError, match="may not add questions"):
        put(TEXT, category, UserFactory())
    person = make_editor()
    person.user_permissions.set(Permission.objects.filter(codename="add_bankquestion"))
    person.groups.first().permissions.remove(*Permission.objects.filter(codename="add_questioncategory"))
    with pytest.raises(ImportRefusedError, match="may not add categories"):
        put("$CATEGORY: Art\n\nIs it? {T}", category, User.objects.get(pk=person.pk))
    assert titles() == []


def test_categories_are_found_by_name_or_made(category: QuestionCategory, editor: User) -> None:
    put(
        "$CATEGORY: safety\n\na {T}\n\n$CATEGORY: $course$/Fine/Art\n\nb {T}\n\n$CATEGORY: FINE / ART\n\nc {T}",
        category,
        editor,
    )
    assert titles(category=category) == ["a"]
    assert titles(category__name="Fine / Art") == ["b", "c"]
    QuestionCategory.objects.create(name="Other art", slug="fine-art-2")
    put("$CATEGORY: Fine Art\n\nd {T}", category, editor)
    assert QuestionCategory.objects.get(name="Fine Art").slug == "fine-art-3"


def test_tables_go_the_same_way(category: QuestionCategory, editor: User) -> None:
    text = "type;question;correct;wrong\nsingle;Which?;This;That|Other\n"
    assert [item.type_label for item in plan(text, category, "csv").planned] == ["One right answer"]
    import_questions(text=text, text_format="csv", category=category, user=editor)
    assert titles() == ["Which?"]


def test_what_is_exported_is_there_already(category: QuestionCategory, editor: User) -> None:
    put(TEXT, category, editor)
    import_questions(
        text="type,question,correct\nordering,Sort,a|b\n", text_format="csv", category=category, user=editor
    )
    gift = write_category_gift(category)
    assert (gift.written, gift.left_out) == (2, 1)
    assert gift.text == (
        "$CATEGORY: Safety\n\n::One::Is it? {TRUE}\n\n::Two::Which? {=This ~That}\n\n"
        "// Left out: “Sort”. GIFT has no such type of question.\n"
    )
    assert [item.is_there for item in plan(gift.text, category).planned] == [True, True]
