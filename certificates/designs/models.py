"""Certificate designs as editors keep them, and which course or company uses which."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from certificates.designs.blocks import DesignTexts, starting_texts
from certificates.designs.fonts import FONTS, has_font
from certificates.designs.validation import (
    find_contrast_problems,
    list_messages,
    validate_colour,
    validate_placeholders,
    validate_plain,
)
from courses.models import CourseImage

MAX_SIGNATORIES = 3
COLOUR_FIELDS = ("paper_colour", "ink_colour", "accent_colour")
COLOUR_INPUT = TextInput(attrs={"type": "color"})  # the browser's own picker, which takes typed values too


class Paper(models.TextChoices):
    A4 = "a4", _("A4")
    LETTER = "letter", _("US Letter")


class Orientation(models.TextChoices):
    LANDSCAPE = "landscape", _("Landscape")
    PORTRAIT = "portrait", _("Portrait")


class Alignment(models.TextChoices):
    START = "start", _("Left")
    CENTER = "center", _("Centred")


class CodePosition(models.TextChoices):
    LEFT = "left", _("Bottom left")
    RIGHT = "right", _("Bottom right")


# The languages whose dates and numbers a design can follow, whatever languages the courses of a site are in.
DESIGN_LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French"), ("es", "Spanish"), ("vi", "Vietnamese")]


class FontChoice(models.TextChoices):
    GARAMOND = "garamond", "EB Garamond"
    INTER = "inter", "Inter"
    NOTO = "noto", "Noto Serif"


class CertificateDesign(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """What certificates look like. Issued ones keep the snapshot they were issued with, whatever happens here."""

    name = models.CharField(_("name"), max_length=100, help_text=_("To find it by; it is not printed."))
    language = models.CharField(
        _("language"),
        max_length=12,
        choices=DESIGN_LANGUAGES,
        default="en",
        help_text=_("Of your texts and labels. Dates and numbers follow it."),
    )
    paper = models.CharField(_("paper"), max_length=8, choices=Paper, default=Paper.A4)
    orientation = models.CharField(_("orientation"), max_length=10, choices=Orientation, default=Orientation.LANDSCAPE)
    alignment = models.CharField(_("alignment"), max_length=8, choices=Alignment, default=Alignment.CENTER)
    code_position = models.CharField(_("QR code"), max_length=8, choices=CodePosition, default=CodePosition.RIGHT)
    background = models.ForeignKey(
        CourseImage,
        verbose_name=_("background"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Covers the whole page, without margins. Without one a thin border is drawn."),
    )
    logo = models.ForeignKey(
        CourseImage, verbose_name=_("logo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    paper_colour = models.CharField(_("paper"), max_length=7, default="#ffffff", validators=[validate_colour])
    ink_colour = models.CharField(_("ink"), max_length=7, default="#1c2623", validators=[validate_colour])
    accent_colour = models.CharField(_("accent"), max_length=7, default="#173f3a", validators=[validate_colour])
    heading_font = models.CharField(
        _("font of headings and names"), max_length=12, choices=FontChoice, default=FontChoice.GARAMOND
    )
    body_font = models.CharField(_("font of details"), max_length=12, choices=FontChoice, default=FontChoice.INTER)
    texts = StreamField(DesignTexts(), default=starting_texts, verbose_name=_("texts"))
    number_label = models.CharField(
        _("above the number"), max_length=40, default="Certificate number", validators=[validate_plain]
    )
    verify_label = models.CharField(
        _("before the address"), max_length=40, default="Verify at", validators=[validate_plain]
    )
    code_label = models.CharField(
        _("description of the QR code"),
        max_length=80,
        default="QR code of the verification page",
        validators=[validate_plain],
        help_text=_("Read out to those who cannot see it."),
    )

    panels = [
        FieldPanel("name"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("paper"), FieldPanel("orientation")]),
                FieldRowPanel([FieldPanel("alignment"), FieldPanel("code_position")]),
                FieldPanel("language"),
            ],
            heading=_("Page"),
        ),
        MultiFieldPanel([FieldPanel("background"), FieldPanel("logo")], heading=_("Pictures")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel(name, widget=COLOUR_INPUT) for name in COLOUR_FIELDS]),
                FieldRowPanel([FieldPanel("heading_font"), FieldPanel("body_font")]),
            ],
            heading=_("Colours and fonts"),
        ),
        FieldPanel("texts"),
        InlinePanel("signatories", heading=_("Signatories"), label=_("Signatory"), max_num=MAX_SIGNATORIES),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("number_label"), FieldPanel("verify_label")]), FieldPanel("code_label")],
            heading=_("Words around the number"),
        ),
    ]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("certificate design")
        verbose_name_plural = _("certificate designs")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse texts that cannot be filled, colours nobody can read and fonts this server does not have."""
        super().clean()
        problems = find_contrast_problems(paper=self.paper_colour, ink=self.ink_colour, accent=self.accent_colour)
        errors: dict[str, str] = {f"{field}_colour": problem for field, problem in problems.items()}
        # A form has cleaned the texts already; what is written by code has not been looked at.
        try:
            self.texts.stream_block.clean(self.texts)
        except ValidationError as error:
            errors["texts"] = " ".join(list_messages(error))
        for field in ("heading_font", "body_font"):
            font = FONTS.get(getattr(self, field))
            if font is not None and not has_font(getattr(self, field)):
                errors[field] = gettext(
                    "This server does not have %(font)s. Choose another font, or have the Debian package %(package)s "
                    "installed."
                ) % {"font": font.name, "package": font.package}
        if errors:
            raise ValidationError(errors)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [
            ("", _("Sample data")),
            ("longest", _("Longest plausible name and title")),
            ("plain", _("Without score and expiry")),
            ("arabic", _("Arabic name")),
            ("chinese", _("Chinese name")),
        ]

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """The page is a picture that fills the width."""
        return [{"name": "page", "icon": "desktop", "device_width": 480, "label": _("Page")}]

    @property
    def default_preview_size(self) -> str:
        return "page"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from certificates.designs.preview import show_design

        return show_design(request, self, mode_name)


class DesignSignatory(Orderable):
    """Who signs. Without a picture the name stands above the line, set in the heading font."""

    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="signatories")
    name = models.CharField(_("name"), max_length=50, validators=[validate_plain])
    role = models.CharField(_("role"), max_length=70, blank=True, validators=[validate_placeholders])
    signature = models.ForeignKey(
        CourseImage, verbose_name=_("signature"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("role")]), FieldPanel("signature")]

    class Meta(Orderable.Meta):
        verbose_name = _("signatory")

    def __str__(self) -> str:
        return self.name


class DesignAssignment(models.Model):
    """Which design certificates are issued with: of one course or all, of one company's people or everybody's.

    The most particular one that has a published design counts, a company's before a course's.
    """

    wagtail_reference_index_ignore = True

    design = models.ForeignKey(
        CertificateDesign, verbose_name=_("design"), on_delete=models.CASCADE, related_name="assignments"
    )
    course_key = models.UUIDField(null=True, blank=True, help_text=_("The course page's translation_key."))
    company = models.ForeignKey(
        "companies.Company",
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Only for this company's people. Empty: for everybody."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("course_key", models.Value(uuid.UUID(int=0), output_field=models.UUIDField())),
                Coalesce("company", models.Value(0)),
                name="one_design_a_course_and_company",
            )
        ]
        verbose_name = _("use of a design")
        verbose_name_plural = _("use of designs")

    def __str__(self) -> str:
        return f"{self.design} · {self.company or '*'} · {self.course_key or '*'}"
