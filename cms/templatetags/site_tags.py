"""Presentation for the site's templates: icons, covers, durations and short labels. No queries, no rules."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.templatetags.cover_art import COLUMNS, ROWS, draw_paths, pick_palette
from courses.enums import Level
from courses.languages import label_language, text_direction

register = template.Library()

KIND_ICONS = {
    "text": "text",
    "markdown": "text",
    "image": "image",
    "video": "video",
    "audio": "audio",
    "quiz": "quiz",
    "file": "download",
    "embed": "external",
    "code": "code",
    "table": "table",
    "callout": "info",
}
# What a lesson is, told by its most active kind of block.
LEADING_KINDS = ("quiz", "video", "audio")


@register.simple_tag
def site_name() -> str:
    return str(settings.WAGTAIL_SITE_NAME)


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """One symbol of the sprite; hidden from assistive technology unless it has a label."""
    naming = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        f"icon {extra}".strip(),
        naming,
        static("cms/icons/sprite.svg"),
        name,
    )


@register.simple_tag
def cover_art(key: Any) -> SafeString:
    """The generated cover of a course; its colours come from the class that ``cover_class`` names."""
    paths = format_html_join("", '<path class="art-{}" d="{}"/>', draw_paths(str(key)))
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">{}</svg>',
        COLUMNS,
        ROWS,
        paths,
    )


@register.simple_tag
def absolute_url(path: Any) -> str:
    """A path of this site with the site's own address in front."""
    return f"{settings.SITE_BASE_URL}{path}"


@register.filter
def cover_class(key: Any) -> str:
    return f"cover-{pick_palette(str(key))}"


@register.filter
def minutes(value: Any) -> str:
    """Whole minutes in words: 95 is "1 h 35 min"."""
    total = _number(value)
    if total is None:
        return ""
    hours, rest = divmod(round(total), 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
def minutes_left(value: Any) -> str:
    """The label of a progress bar: how much is left, or just "Progress"."""
    return _("%(time)s left") % {"time": minutes(value)} if value else _("Progress")


@register.filter
def clock(value: Any) -> str:
    """Seconds as on a player: 754 is "12:34", 3,700 is "1:01:40"."""
    total = _number(value)
    if total is None:
        return ""
    whole, seconds = divmod(round(total), 60)
    hours, mins = divmod(whole, 60)
    return f"{hours}:{mins:02}:{seconds:02}" if hours else f"{mins}:{seconds:02}"


@register.filter
def score(value: Any) -> str:
    """A percentage without needless decimals: 83.50 is "83.5%", 70.00 is "70%"."""
    number = _number(value)
    return "" if number is None else f"{Decimal(str(round(number, 1))).normalize():f}%"


@register.filter
def plain(value: Any) -> str:
    """A number for machines: a point, no grouping, no needless zeros, whatever the language."""
    number = _number(value)
    return "" if number is None else f"{Decimal(str(number)).normalize():f}"


@register.filter
def instant(value: Any) -> str:
    """A moment for ``datetime`` and data attributes: ISO 8601."""
    return value.isoformat() if isinstance(value, datetime) else str(value or "")


@register.filter
def time_of_day(value: Any) -> str:
    """Hours and minutes of a moment in the reader's time zone."""
    moment = _moment(value)
    return date_format(localtime(moment), "H:i") if moment else ""


@register.filter
def seconds_allowed(attempt: Any) -> int:
    """The whole length of an attempt where it says when it opened, else what is left of it."""
    start = _moment(getattr(attempt, "opened_at", None)) or _moment(attempt.server_now)
    end = _moment(attempt.deadline_at)
    return max(0, round((end - start).total_seconds())) if start and end else 0


@register.filter
def day(value: Any) -> date | None:
    """A date from a date, a moment or an ISO string; ``None`` from anything else."""
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None


@register.filter
def day_before(moment: datetime) -> date:
    """The last day of a time that ends just before ``moment``, where the reader is."""
    return localtime(moment - timedelta(seconds=1)).date()


@register.filter
def initials(name: Any) -> str:
    words = [word for word in str(name).replace("@", " ").split() if word[0].isalnum()]
    picked = words[:1] if len(words) < 2 or "@" in str(name) else [words[0], words[-1]]
    return "".join(word[0].upper() for word in picked)


@register.filter
def host(url: Any) -> str:
    return (urlsplit(str(url)).hostname or str(url)).removeprefix("www.")


@register.filter
def extension(name: Any) -> str:
    """The kind of a file for people: "PDF" of "handout.pdf"."""
    stem, dot, suffix = str(name).rpartition(".")
    return suffix.upper()[:5] if stem and dot else _("File")


@register.filter
def level_label(value: Any) -> str:
    return str(Level(value).label) if value in Level.values else str(value or "")


@register.filter
def language_label(code: Any) -> str:
    """A language's own name; the code where Django does not know it."""
    return label_language(str(code))


@register.filter
def text_dir(code: Any) -> str:
    """ "rtl" for Arabic, Hebrew and the like, else "ltr"."""
    return text_direction(str(code))


@register.filter
def kind_icon(kinds: Any) -> str:
    """The icon of a block type, or of a lesson by its list of types."""
    if isinstance(kinds, str):
        return KIND_ICONS.get(kinds, "text")
    leading = next((kind for kind in LEADING_KINDS if kind in (kinds or ())), "text")
    return KIND_ICONS[leading]


@register.filter
def kind_label(kinds: Any) -> str:
    """What a lesson mostly is, in a word."""
    leading = next((kind for kind in LEADING_KINDS if kind in (kinds or ())), "text")
    return {"quiz": _("Quiz"), "video": _("Video"), "audio": _("Audio"), "text": _("Reading")}[leading]


@register.filter
def has_current(module: Any) -> bool:
    return any(lesson.is_current for lesson in module.lessons)


@register.filter
def done_count(module: Any) -> int:
    return sum(lesson.state == "completed" for lesson in module.lessons)


@register.filter
def due_text(days: Any) -> str:
    """Days until something is due in words; negative days are in the past."""
    number = _number(days)
    if number is None:
        return ""
    whole = int(number)
    if whole < 0:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", -whole) % {"days": -whole}
    if whole < 2:
        return (_("Due today"), _("Due tomorrow"))[whole]
    return _("Due in %(days)d days") % {"days": whole}


@register.filter
def facet_values(filters: Any) -> list[tuple[str, str]]:
    """The filters in force that a search form has to carry along."""
    names = ("category", "level", "language", "tag", "price")
    return [(name, value) for name in names if (value := getattr(filters, name, ""))]


@register.filter
def without(cards: Iterable[Any], taken: Any) -> list[Any]:
    """The cards other than ``taken``, which is a card, a list of cards or nothing; compared by id."""
    ids = {card.id for card in (taken if isinstance(taken, list) else [taken]) if card}
    return [card for card in cards or [] if card.id not in ids]


@register.filter
def split_words(text: str) -> list[str]:
    return text.split()


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
