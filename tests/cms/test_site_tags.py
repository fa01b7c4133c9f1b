"""Icons, covers and the words for durations, scores, dates and files."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.utils import translation

from cms.templatetags import site_tags
from cms.templatetags.cover_art import PALETTES, draw_paths, pick_palette


def render(source, **context):
    return Template("{% load site_tags %}" + source).render(Context(context))


def sprite_symbols():
    root = ElementTree.parse(finders.find("cms/icons/sprite.svg")).getroot()  # noqa: S314 - our own file
    return [child.get("id") for child in root]


def test_icon_is_hidden_from_assistive_technology():
    assert render('{% icon "check" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/cms/icons/sprite.svg#check"></use></svg>'
    )


def test_icon_with_a_label_is_an_image():
    assert render('{% icon "lock" label=text extra="big" %}', text="<Locked>") == (
        '<svg class="icon big" role="img" aria-label="&lt;Locked&gt;" focusable="false">'
        '<use href="/static/cms/icons/sprite.svg#lock"></use></svg>'
    )


def test_every_block_type_has_an_icon_in_the_sprite():
    assert set(site_tags.KIND_ICONS.values()) - set(sprite_symbols()) == set()


def test_sprite_names_each_symbol_once():
    assert sorted(sprite_symbols()) == sorted(set(sprite_symbols()))


def test_cover_is_the_same_for_the_same_course():
    assert render("{% cover_art key %}", key="Calls") == render("{% cover_art key %}", key="Calls")
    assert draw_paths("Calls") != draw_paths("Statistics")


def test_cover_palettes_are_all_in_use():
    assert {pick_palette(f"course {number}") for number in range(200)} == set(range(PALETTES))


def test_cover_class_names_a_palette():
    assert site_tags.cover_class("Calls") == f"cover-{pick_palette('Calls')}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (95, "1 h 35 min"), (610, "10 h 10 min"), (None, ""), ("", "")],
)
def test_minutes_are_told_in_words(value, text):
    assert site_tags.minutes(value) == text


@pytest.mark.parametrize(("value", "text"), [(0, "0:00"), (754.4, "12:34"), (3700, "1:01:40"), (None, "")])
def test_clock_shows_seconds_as_a_player_does(value, text):
    assert site_tags.clock(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("70.00"), "70%"),
        (Decimal("83.50"), "83.5%"),
        (66.6667, "66.7%"),
        ("91.5", "91.5%"),
        (100, "100%"),
        (None, ""),
    ],
)
def test_score_drops_needless_decimals(value, text):
    assert site_tags.score(value) == text


def test_plain_number_is_the_same_in_every_language():
    with translation.override("de"):
        assert [site_tags.plain(value) for value in (133.5, 1200, Decimal("2.00"), None)] == ["133.5", "1200", "2", ""]


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (12, "Due in 12 days"),
        (1, "Due tomorrow"),
        (0, "Due today"),
        (-1, "1 day overdue"),
        (-3, "3 days overdue"),
        (None, ""),
    ],
)
def test_due_text_counts_days(days, text):
    assert site_tags.due_text(days) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("Lena Beispiel", "LB"), ("Ana María de la Cruz", "AC"), ("lena@example.com", "L"), ("Cher", "C"), ("", "")],
)
def test_initials_of_a_person(name, text):
    assert site_tags.initials(name) == text


@pytest.mark.parametrize(
    ("name", "text"), [("handout.pdf", "PDF"), ("a.tar.gz", "GZ"), ("README", "File"), (".env", "File")]
)
def test_extension_names_the_kind_of_file(name, text):
    assert site_tags.extension(name) == text


def test_host_of_an_address():
    assert site_tags.host("https://www.example.org/talk?x=1") == "example.org"


@pytest.mark.parametrize(
    "value", [date(2026, 3, 9), datetime(2026, 3, 9, 10, tzinfo=UTC), "2026-03-09", "2026-03-09T10:00:00+00:00"]
)
def test_day_reads_dates_moments_and_iso_text(value):
    assert render('{{ value|day|date:"Y-m-d" }}', value=value) == "2026-03-09"


def test_day_of_nonsense_is_nothing():
    assert site_tags.day("soon") is None


def test_language_label_is_the_languages_own_name():
    assert [site_tags.language_label(code) for code in ("de", "en", "zz")] == ["Deutsch", "English", "zz"]


def test_level_label_is_translated_and_tolerant():
    assert [site_tags.level_label(value) for value in ("beginner", "expert", None)] == ["Beginner", "expert", ""]


def test_lesson_is_called_after_its_most_active_block():
    assert [site_tags.kind_label(kinds) for kinds in (["text", "quiz", "video"], ["audio"], ["code"], [])] == [
        "Quiz",
        "Audio",
        "Reading",
        "Reading",
    ]


def test_module_counts_what_is_done_and_knows_the_current_lesson():
    lessons = [
        SimpleNamespace(state=state, is_current=state == "in_progress") for state in ("completed", "in_progress")
    ]
    module = SimpleNamespace(lessons=lessons)

    assert (site_tags.done_count(module), site_tags.has_current(module)) == (1, True)


def test_without_drops_cards_by_id():
    cards = [SimpleNamespace(id=number) for number in (1, 2, 3)]

    assert [card.id for card in site_tags.without(cards, cards[0])] == [2, 3]
    assert [card.id for card in site_tags.without(cards, cards[1:])] == [1]
    assert [card.id for card in site_tags.without(cards, None)] == [1, 2, 3]


def test_search_form_carries_the_filters_in_force():
    filters = SimpleNamespace(q="calls", category="sales", level="", language="de", tag="", price="", ordering="title")

    assert site_tags.facet_values(filters) == [("category", "sales"), ("language", "de")]


def test_seconds_allowed_is_the_whole_length_of_an_attempt():
    now = datetime(2026, 3, 9, 10, tzinfo=UTC)
    attempt = SimpleNamespace(
        opened_at=now, server_now=now + timedelta(minutes=4), deadline_at=now + timedelta(minutes=15)
    )

    assert site_tags.seconds_allowed(attempt) == 900
    assert site_tags.seconds_allowed(SimpleNamespace(server_now=now, deadline_at=None)) == 0


def test_day_before_is_the_last_day_of_what_ends_at_midnight():
    assert site_tags.day_before(datetime(2026, 3, 9, tzinfo=UTC)) == date(2026, 3, 8)
