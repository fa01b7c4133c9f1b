"""An invented course: facts, catalogue cards and an outline in which every state of a lesson occurs."""

from types import SimpleNamespace as Row
from typing import Any

from django.templatetags.static import static

CATEGORIES = [{"name": "Sales", "slug": "sales"}, {"name": "Communication", "slug": "communication"}]

COURSE: dict[str, Any] = {
    "id": "9f0c2f0e-5a43-4f0e-9d0c-0b6a6f8f3a11",
    "title": "Calls people are glad to take",
    "slug": "calls",
    "path": "/styleguide/?page=course",
    "language": "en",
    "summary": "Prepare, open and close a first call in twenty minutes, without a script and without pressure.",
    "description": "<p>Most first calls fail before the phone rings. In this course you learn to <strong>prepare in"
    " five minutes</strong>, to open with something worth hearing, and to end with a step both sides want.</p>"
    "<h3>How it works</h3><p>Short texts and films, an exercise after each, and a final quiz. Everything can be"
    " repeated as often as you like.</p>",
    "cover": None,
    "level": "beginner",
    "categories": CATEGORIES,
    "tags": ["telephone", "first contact", "preparation"],
    "instructors": [
        {
            "name": "Maren Okafor",
            "role": "Head of sales enablement",
            "biography": "Has listened to four thousand first calls and still enjoys the next one.",
            "photo": None,
        },
        {"name": "Tomás Lindqvist", "role": "Speech trainer", "biography": "", "photo": None},
    ],
    "objectives": [
        "Prepare a first call in five minutes",
        "Open with a reason that matters to the other side",
        "Ask questions that are pleasant to answer",
        "Agree on a next step that both sides want",
    ],
    "prerequisites": ["A telephone and a quiet room", "One real company you would like to talk to"],
    "minutes": 145,
    "passing_percentage": 70,
    "time_limit": None,
    "completion_deadline": None,
    "completion_days": 30,
    "progression": "in_order",
    "access": "enrolled",
    "has_certificate": True,
    "certificate_validity_months": 24,
}

EDITION = {"number": 7, "digest": "3f" * 32, "created_at": "2026-02-03T09:12:00+00:00"}

TITLES = (
    ("Calls people are glad to take", "Sales", "beginner", 145, 12, "enrolled"),
    ("Negotiation without winners", "Communication", "intermediate", 220, 18, "paid"),
    ("Working safely at heights", "Safety", "beginner", 45, 5, "invitation"),
    (
        "A very short introduction to statistics for people who were told they cannot count",
        "Data",
        "beginner",
        95,
        9,
        "open",
    ),
    ("Reading a balance sheet", "Finance", "intermediate", 60, 6, "enrolled"),
    ("Python for analysts", "Data", "advanced", 610, 42, "paid"),
    ("Writing that gets read", "Communication", "beginner", 80, 8, "enrolled"),
    ("First aid at work", "Safety", "beginner", 30, 3, "enrolled"),
    ("Managing your first team", "Leadership", "intermediate", 180, 15, "enrolled"),
)
ACCESS_LABELS = {"open": "Open", "enrolled": "Enrolled", "paid": "Paid", "invitation": "Invitation"}


def sample_image(
    width: int = 1200, height: int = 675, alt: str = "A desk with a telephone and a notebook"
) -> dict[str, Any]:
    return {"id": 1, "width": width, "height": height, "alt": alt, "src": static("cms/images/sample.svg"), "srcset": ""}


def make_cards() -> list[Row]:
    return [
        Row(
            course_key=f"course-{index}",
            title=title,
            url="/styleguide/?page=course",
            summary="What you can do afterwards, in one or two plain sentences that fit on a card."
            if index % 3
            else "Short and to the point.",
            cover=sample_image() if index == 4 else None,
            level=level,
            level_label=level.capitalize(),
            language="en",
            language_label="English",
            minutes=minutes,
            lesson_count=lessons,
            categories=[category],
            access=access,
            access_label=ACCESS_LABELS[access],
            price_label="Paid" if access == "paid" else "Free",
        )
        for index, (title, category, level, minutes, lessons, access) in enumerate(TITLES)
    ]


def catalogue_context() -> dict[str, Any]:
    groups = (
        ("category", "Category", ("Sales", "Communication", "Data", "Safety", "Leadership")),
        ("level", "Level", ("Beginner", "Intermediate", "Advanced")),
        ("language", "Language", ("English", "Deutsch")),
        ("price", "Price", ("Free", "Paid")),
    )
    return {
        "cards": make_cards(),
        "total": 27,
        "filters": Row(q="", category="sales", level="", language="", tag="", price=""),
        "query": "",
        "ordering": "",
        "ordering_options": [("", "Best match"), ("title", "Title"), ("minutes", "Shortest")],
        "facet_groups": [
            {
                "name": name,
                "label": label,
                "options": [
                    {
                        "value": text,
                        "label": text,
                        "count": 14 - 3 * place,
                        "url": "?page=catalogue",
                        "is_active": text == "Sales",
                    }
                    for place, text in enumerate(texts)
                ],
            }
            for name, label, texts in groups
        ],
        "active_filters": [
            {"label": "Sales", "remove_url": "?page=catalogue"},
            {"label": "“call”", "remove_url": "?page=catalogue"},
        ],
        "pagination": {
            "number": 2,
            "pages": 3,
            "previous_url": "?page=catalogue",
            "next_url": "?page=catalogue",
            "links": [{"number": n, "url": "?page=catalogue", "is_current": n == 2} for n in (1, 2, 3)],
        },
    }


LESSONS = (
    (
        "Before you dial",
        (("Why first calls fail", 8, ["text", "video"]), ("Five minutes of preparation", 12, ["text", "file"])),
    ),
    (
        "The first minute",
        (
            ("An opening worth hearing", 14, ["video", "text"]),
            ("Reasons, not features: what the other side would like to know before anything else", 10, ["text"]),
            ("Listening exercise", 20, ["audio"]),
        ),
    ),
    ("Closing well", (("The next step", 15, ["text"]), ("Final quiz", 25, ["quiz"]))),
)
STATES = ("completed", "completed", "in_progress", "not_started", "locked", "locked", "locked")


def make_outline(*, is_enrolled: bool = True, current: int | None = None) -> list[Row]:
    states = iter(STATES)
    rows, place = [], 0
    for number, (title, lessons) in enumerate(LESSONS, start=1):
        made = []
        for name, minutes, kinds in lessons:
            state = next(states)
            is_locked = is_enrolled and state == "locked"
            made.append(
                Row(
                    id=f"lesson-{place}",
                    title=name,
                    url=None if is_locked or (not is_enrolled and place) else "/styleguide/?page=lesson",
                    minutes=minutes,
                    kinds=kinds,
                    state="not_started" if state == "locked" else state,
                    is_locked=is_locked,
                    lock_reason="Opens after “An opening worth hearing”" if is_locked else "",
                    is_current=place == current,
                )
            )
            place += 1
        total = sum(lesson.minutes for lesson in made)
        rows.append(
            Row(
                id=str(number),
                title=f"{number}. {title}",
                summary="What to know before the phone rings." if number == 1 else "",
                minutes=total,
                minutes_left=0 if number == 1 else total,
                lessons=made,
            )
        )
    return rows
