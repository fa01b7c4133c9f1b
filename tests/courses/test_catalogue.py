"""The catalogue: found by folded words, filtered, counted, paged, in a fixed number of queries."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from courses.catalogue import CatalogueFilters, catalogue_context, facets, fold, make_card, search_courses
from courses.editions.services import compile_course
from courses.models import CataloguePage, Category, CoursePage
from tests.factories.pages import make_course


def publish(catalogue: CataloguePage, title: str, *, category: str = "", tag: str = "", **fields) -> CoursePage:
    course = make_course(catalogue, title, modules=1, lessons=1, **fields)
    if category:
        course.categories.add(Category.objects.get_or_create(name=category, slug=category.lower())[0])
    if tag:
        course.tags.add(tag)
    course.save()
    compile_course(course.pk)
    return course


def titles(**filters: str) -> list[str]:
    return [state.title for state in search_courses(CatalogueFilters(**filters))]


def test_words_are_found_without_accents_and_case(catalogue: CataloguePage) -> None:
    publish(catalogue, "Négociation avancée")
    publish(catalogue, "Selling")
    assert titles(q="NEGOCIATION avance") == ["Négociation avancée"]


def test_every_word_must_be_found(catalogue: CataloguePage) -> None:
    publish(catalogue, "Sales basics")
    publish(catalogue, "Sales talks")
    assert titles(q="sales talks") == ["Sales talks"]
    assert titles(q="sales nonsense") == []


def test_title_hits_come_first(catalogue: CataloguePage) -> None:
    publish(catalogue, "A course", summary="About listening")
    publish(catalogue, "Listening well")
    assert titles(q="listening") == ["Listening well", "A course"]


@pytest.mark.parametrize("query", ['"unbalanced', "100%", "a_b", "\\", "' OR 1=1 --", "*", "😀" * 500])
def test_odd_queries_find_nothing_and_break_nothing(catalogue: CataloguePage, query: str) -> None:
    publish(catalogue, "Selling")
    assert list(search_courses(CatalogueFilters.from_query({"q": query}))) == []


def test_filters_narrow_together(catalogue: CataloguePage) -> None:
    publish(catalogue, "One", category="Sales", level="beginner", tag="calls")
    publish(catalogue, "Two", category="Sales", level="advanced", access="paid")
    publish(catalogue, "Drei", category="Service", language="de")
    assert titles(category="sales") == ["One", "Two"]
    assert titles(category="sales", level="advanced") == ["Two"]
    assert titles(language="de") == ["Drei"]
    assert titles(tag="calls") == ["One"]
    assert titles(price="paid") == ["Two"]
    assert titles(price="free") == ["Drei", "One"]
    assert titles(level="nonsense") == []
    assert titles(price="nonsense") == []


def test_unpublished_course_is_not_listed(catalogue: CataloguePage) -> None:
    course = publish(catalogue, "Gone")
    course.live = False
    course.save()
    compile_course(course.pk)
    assert titles() == []


def test_orderings(catalogue: CataloguePage) -> None:
    publish(catalogue, "B", estimated_minutes=10)
    publish(catalogue, "A", estimated_minutes=20)
    assert titles(ordering="title") == ["A", "B"]
    assert titles(ordering="minutes") == ["B", "A"]
    assert titles(ordering="-minutes") == ["A", "B"]
    assert titles(ordering="nonsense") == ["A", "B"]


def test_card_shows_what_the_edition_says(catalogue: CataloguePage) -> None:
    publish(catalogue, "Selling", category="Sales", level="advanced", access="paid", estimated_minutes=30)
    card = make_card(search_courses(CatalogueFilters()).get())
    assert (card.title, card.url, card.level_label, card.minutes) == ("Selling", "/courses/selling/", "Advanced", 30)
    assert (card.lesson_count, card.categories, card.price_label, card.access_label) == (1, ["Sales"], "Paid", "Paid")
    assert card.language_label == "English"


def test_facets_count_what_each_choice_would_find(catalogue: CataloguePage) -> None:
    publish(catalogue, "One", category="Sales", level="beginner")
    publish(catalogue, "Two", category="Sales", level="advanced")
    publish(catalogue, "Three", category="Service", level="advanced")
    groups = {group["name"]: group["options"] for group in facets(CatalogueFilters(category="sales"))}
    assert [(o["value"], o["count"], o["is_active"]) for o in groups["category"]] == [
        ("sales", 2, True),
        ("service", 1, False),
    ]
    assert [(o["value"], o["count"]) for o in groups["level"]] == [("advanced", 1), ("beginner", 1)]


def test_pages_keep_the_filters(catalogue: CataloguePage) -> None:
    for number in range(13):
        publish(catalogue, f"Course {number:02}", level="advanced")
    context = catalogue_context(RequestFactory().get("/", {"level": "advanced"}))
    assert (len(context["cards"]), context["total"], context["pagination"]["pages"]) == (12, 13, 2)
    assert context["pagination"]["next_url"] == "?level=advanced&page=2"
    last = catalogue_context(RequestFactory().get("/", {"level": "advanced", "page": "999999999999"}))
    assert [card.title for card in last["cards"]] == ["Course 12"]
    assert [chip["label"] for chip in last["active_filters"]] == ["Advanced"]


@pytest.mark.parametrize("courses", [1, 3])
def test_catalogue_takes_the_same_queries_for_any_number_of_courses(catalogue: CataloguePage, courses: int) -> None:
    for number in range(courses):
        publish(catalogue, f"Course {number}", category="Sales", tag="calls")
    with CaptureQueriesContext(connection) as queries:
        catalogue_context(RequestFactory().get("/"))
    assert len(queries) == 7


def test_fold() -> None:
    assert fold("ÉCOLE Straße") == "ecole strasse"
