"""The catalogue: cards, search, filters, facets and the context of the catalogue page."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext as _

from courses.editions.delivery import deliver_image
from courses.editions.documents import ImageRef, Outline
from courses.editions.models import CourseState
from courses.enums import CourseAccess, Level
from courses.languages import is_multilingual, label_language, language_first

PAGE_SIZE = 12
MAX_TERMS = 8
MAX_QUERY_LENGTH = 200


@dataclass(frozen=True)
class CourseCard:
    """What the catalogue shows of a course. ``minutes`` are whole minutes of study."""

    course_key: str
    title: str
    url: str
    summary: str
    cover: ImageRef | None
    level: str
    level_label: str
    language: str
    language_label: str
    minutes: int
    lesson_count: int
    categories: list[str]
    access: str
    access_label: str
    price_label: str


@dataclass(frozen=True)
class CatalogueFilters:
    """One value a filter; empty means any. Unknown values find nothing rather than everything."""

    q: str = ""
    category: str = ""
    level: str = ""
    language: str = ""
    tag: str = ""
    price: str = ""  # "free" or "paid"
    ordering: str = ""  # "", "title", "-published", "minutes", "-minutes"
    locale: str = ""  # which version of a course to show where several match; empty: the main language

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "CatalogueFilters":
        """Reads a query string; overlong values are cut, so that nothing a reader types makes a slow query."""
        return cls(**{field.name: query.get(field.name, "").strip()[:MAX_QUERY_LENGTH] for field in fields(cls)})

    def query_string(self, **changes: Any) -> str:
        changed = replace(self, **{name: value for name, value in changes.items() if name != "page"})
        pairs = [
            (field.name, getattr(changed, field.name))
            for field in fields(changed)
            if getattr(changed, field.name) and field.name != "locale"
        ]
        if changes.get("page", 1) > 1:
            pairs.append(("page", str(changes["page"])))
        return urlencode(pairs)


ORDERINGS = {
    "": ("-relevance", "title", "pk"),
    "title": ("title", "pk"),
    "-published": ("-first_published_at", "pk"),
    "minutes": ("minutes", "title", "pk"),
    "-minutes": ("-minutes", "title", "pk"),
}
# A course in three languages is one course.
COURSES = Count("course_key", distinct=True)
FACETS = {
    "category": "course__categories__slug",
    "level": "level",
    "language": "content_language",
    "tag": "course__tags__slug",
}


def fold(text: str) -> str:
    """Lower case without accents, so that "Négociation" is found as "negociation"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def build_card(outline: Mapping[str, Any]) -> dict[str, Any]:
    """What ``CourseState.card`` keeps of an outline, so that lists read no outline."""
    course = outline["course"]
    kept = ("id", "title", "path", "summary", "cover", "level", "language", "minutes", "access", "has_certificate")
    return {key: course[key] for key in kept} | {
        "categories": course["categories"],
        "tags": course["tags"],
        "instructors": [person["name"] for person in course["instructors"]],
        "lesson_count": sum(len(module["lessons"]) for module in outline["modules"]),
        "module_count": len(outline["modules"]),
    }


def build_search_text(outline: Outline | Mapping[str, Any]) -> str:
    """The folded words a course is found by: its facts and the titles in it. Lesson text and quizzes stay out."""
    course = outline["course"]
    words = [course["title"], course["summary"], course["level"], *course["tags"], *course["objectives"]]
    words += [term["name"] for term in course["categories"]] + [person["name"] for person in course["instructors"]]
    for module in outline["modules"]:
        words += [module["title"], *(lesson["title"] for lesson in module["lessons"])]
    return fold(" ".join(words))


def search_courses(filters: CatalogueFilters) -> "QuerySet[CourseState]":
    """Courses on offer that match every filter and every word of ``q``, each once; one query when evaluated.

    Of a course in several languages the version in ``locale`` is found, else the one in the main language, else the
    first by code that matches.
    """
    versions = search_versions(filters)
    if is_multilingual():
        others = versions.filter(course_key=OuterRef("course_key"))
        versions = versions.filter(
            pk=Subquery(others.order_by(language_first(filters.locale), "language").values("pk")[:1])
        )
    return versions.order_by(*ORDERINGS.get(filters.ordering, ORDERINGS[""]))


def search_versions(filters: CatalogueFilters) -> "QuerySet[CourseState]":
    """The same with every language a course is offered in, in no order."""
    states = CourseState.objects.filter(is_published=True, is_archived=False).defer("search_text")
    terms = fold(filters.q).split()[:MAX_TERMS]
    for term in terms:
        states = states.filter(search_text__contains=term)
    for name, lookup in FACETS.items():
        if value := getattr(filters, name):
            states = states.filter(**{lookup: value})
    if filters.price:
        paid = Q(access=CourseAccess.PAID)
        states = states.filter({"paid": paid, "free": ~paid}.get(filters.price, Q(pk__in=[])))
    in_title = Q(pk__in=[])
    for term in terms:
        in_title |= Q(title__icontains=term)
    return states.annotate(relevance=Case(When(in_title, then=Value(1)), default=Value(0), output_field=IntegerField()))


def make_card(state: CourseState) -> CourseCard:
    """The card of a published course, with the addresses of its cover. No query."""
    facts = json.loads(state.card)
    return CourseCard(
        course_key=facts["id"],
        title=facts["title"],
        url=facts["path"],
        summary=facts["summary"],
        cover=deliver_image(facts["cover"]),
        level=facts["level"],
        level_label=str(Level(facts["level"]).label),
        language=facts["language"],
        language_label=label_language(facts["language"]),
        minutes=facts["minutes"],
        lesson_count=facts["lesson_count"],
        categories=[term["name"] for term in facts["categories"]],
        access=facts["access"],
        access_label=access_label(facts["access"]),
        price_label=_("Paid") if facts["access"] == CourseAccess.PAID else _("Free"),
    )


def access_label(access: str) -> str:
    return str(CourseAccess(access).label).split(":")[0]


def facets(filters: CatalogueFilters) -> list[dict[str, Any]]:
    """For each filter the values that would find something, counted with all other filters on. Five queries."""
    groups = [
        ("category", _("Category"), _count(filters, "category", "course__categories__name")),
        ("level", _("Level"), [(v, str(Level(v).label), n) for v, _label, n in _count(filters, "level", "level")]),
        (
            "language",
            _("Language"),
            [(v, label_language(v), n) for v, _l, n in _count(filters, "language", "language")],
        ),
        ("price", _("Price"), _count_prices(filters)),
        ("tag", _("Tag"), _count(filters, "tag", "course__tags__name")[:20]),
    ]
    return [
        {"name": name, "label": label, "options": [_option(filters, name, *row) for row in rows]}
        for name, label, rows in groups
        if rows
    ]


def _count(filters: CatalogueFilters, name: str, label: str) -> list[tuple[str, str, int]]:
    lookup = FACETS[name]
    rows = search_versions(replace(filters, **{name: ""})).exclude(**{lookup: None})
    counted = rows.values_list(lookup, label).annotate(count=COURSES).order_by("-count", label)
    return [(value, text, count) for value, text, count in counted]


def _count_prices(filters: CatalogueFilters) -> list[tuple[str, str, int]]:
    counts = search_versions(replace(filters, price="")).aggregate(
        paid=Count("course_key", filter=Q(access=CourseAccess.PAID), distinct=True),
        free=Count("course_key", filter=~Q(access=CourseAccess.PAID), distinct=True),
    )
    labels = {"free": _("Free"), "paid": _("Paid")}
    return [(value, labels[value], counts[value]) for value in ("free", "paid") if counts[value]]


def _option(filters: CatalogueFilters, name: str, value: str, label: str, count: int) -> dict[str, Any]:
    is_active = getattr(filters, name) == value
    return {
        "value": value,
        "label": label,
        "count": count,
        "is_active": is_active,
        "url": "?" + filters.query_string(**{name: "" if is_active else value}),
    }


def catalogue_context(request: HttpRequest, language: str = "") -> dict[str, Any]:
    """The context of ``catalogue/catalogue.html``: eight queries however many courses. Of courses in several languages
    the version in ``language`` is shown."""
    filters = replace(CatalogueFilters.from_query(request.GET), locale=language)
    paginator = Paginator(search_courses(filters), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    groups = facets(filters)
    return {
        "cards": [make_card(state) for state in page.object_list],
        "total": paginator.count,
        "filters": filters,
        "query": filters.q,
        "ordering": filters.ordering,
        "ordering_options": [
            ("", _("Best match")),
            ("title", _("Title")),
            ("-published", _("Newest")),
            ("minutes", _("Shortest")),
            ("-minutes", _("Longest")),
        ],
        "facet_groups": groups,
        "active_filters": list(_active_filters(filters, groups)),
        "pagination": {
            "number": page.number,
            "pages": paginator.num_pages,
            "previous_url": "?" + filters.query_string(page=page.number - 1) if page.has_previous() else None,
            "next_url": "?" + filters.query_string(page=page.number + 1) if page.has_next() else None,
            "links": [
                {"number": number, "url": "?" + filters.query_string(page=number), "is_current": number == page.number}
                for number in paginator.get_elided_page_range(page.number)
                if isinstance(number, int)
            ],
        },
    }


def _active_filters(filters: CatalogueFilters, groups: Iterable[dict[str, Any]]) -> Iterable[dict[str, str]]:
    if filters.q:
        yield {"label": f"“{filters.q}”", "remove_url": "?" + filters.query_string(q="")}
    for group in groups:
        for option in group["options"]:
            if option["is_active"]:
                yield {"label": option["label"], "remove_url": option["url"]}
