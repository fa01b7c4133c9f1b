"""The texts of a certificate design, from top to bottom."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StaticBlock, StreamBlock, StructBlock, TextBlock

from certificates.designs.validation import validate_placeholders, validate_plain, validate_sure_placeholders

PLACEHOLDER_HELP = _(
    "Placeholders: {{ name }}, {{ course }}, {{ score }}, {{ hours }}, {{ duration }}, {{ completed_on }}, "
    "{{ issued_at }}, {{ expires_on }}, {{ number }}, {{ edition }}, {{ digest }}, {{ issuer }}. A line whose fact a "
    "certificate does not have, such as a score, is left out."
)


class DetailBlock(StructBlock):
    label = CharBlock(max_length=40, validators=[validate_plain], help_text=_("Such as: Completed."))
    text = CharBlock(max_length=80, validators=[validate_placeholders], help_text=_("Such as: {{ completed_on }}."))

    class Meta:
        icon = "list-ul"


class DesignTexts(StreamBlock):
    issuer = CharBlock(
        max_length=80, validators=[validate_sure_placeholders], icon="user", label=_("Issuer, small"), group=_("Lines")
    )
    heading = CharBlock(max_length=80, validators=[validate_sure_placeholders], icon="title", group=_("Lines"))
    statement = CharBlock(
        max_length=240,
        validators=[validate_placeholders],
        help_text=PLACEHOLDER_HELP,
        icon="openquote",
        group=_("Lines"),
    )
    name = StaticBlock(
        admin_text=_("The learner's name, large. It shrinks until it fits."), icon="user", group=_("Facts")
    )
    course = StaticBlock(
        admin_text=_("The title of the course. It shrinks until it fits."), icon="doc-full", group=_("Facts")
    )
    details = ListBlock(DetailBlock(), max_num=6, icon="list-ul", group=_("Facts"))
    small_print = TextBlock(
        max_length=500, validators=[validate_placeholders], help_text=PLACEHOLDER_HELP, icon="edit", group=_("Lines")
    )

    class Meta:
        min_num = 3
        max_num = 12
        block_counts: dict[str, dict[str, int]] = {
            "issuer": {"max_num": 1},
            "heading": {"min_num": 1, "max_num": 1},
            "name": {"min_num": 1, "max_num": 1},
            "course": {"min_num": 1, "max_num": 1},
            "statement": {"max_num": 5},
            "details": {"max_num": 1},
            "small_print": {"max_num": 2},
        }


def starting_texts() -> list[dict[str, Any]]:
    """What a new design begins with, for editors to change."""
    return [
        {"type": "issuer", "value": "{{ issuer }}"},
        {"type": "heading", "value": "Certificate of completion"},
        {"type": "statement", "value": "This is to certify that"},
        {"type": "name", "value": None},
        {"type": "statement", "value": "has successfully completed the course"},
        {"type": "course", "value": None},
        {
            "type": "details",
            "value": [
                {"label": "Completed", "text": "{{ completed_on }}"},
                {"label": "Score", "text": "{{ score }}"},
                {"label": "Learning time", "text": "{{ duration }}"},
                {"label": "Edition", "text": "{{ edition }} · {{ digest }}"},
                {"label": "Valid until", "text": "{{ expires_on }}"},
            ],
        },
    ]
