"""Two certificate designs of the demo: one upright on US Letter, one in German that a course of the demo uses."""

from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction

from certificates.models import CertificateDesign, DesignAssignment, DesignSignatory
from courses.models import CourseImage
from learners.accounts.models import User

HERE = Path(__file__).parent
SIGNATURES = {
    "hartmann": (HERE / "art" / "signature-hartmann.svg", "Signature of Ilse Hartmann"),
    "yilmaz": (HERE / "art" / "signature-yilmaz.svg", "Signature of Deniz Yılmaz"),
}
RINGS = (HERE / "certificates" / "rings.jpg", "Growth rings")
LOGO = (HERE / "certificates" / "logo.png", "Offene Tür, Akademie für Vertrieb")

UPRIGHT = {
    "name": "Growth rings (US Letter, upright)",
    "paper": "letter",
    "orientation": "portrait",
    "alignment": "start",
    "code_position": "left",
    "paper_colour": "#fbf7ee",
    "ink_colour": "#22283a",
    "accent_colour": "#27406b",
    "heading_font": "noto",
    "body_font": "inter",
    "texts": [
        ("issuer", "{{ issuer }}"),
        ("heading", "Certificate of achievement"),
        ("statement", "Awarded to"),
        ("name", None),
        ("statement", "for completing the course"),
        ("course", None),
        ("statement", "with a score of {{ score }}, after {{ hours }} hours of study."),
        (
            "details",
            [
                {"label": "Completed", "text": "{{ completed_on }}"},
                {"label": "Issued", "text": "{{ issued_at }}"},
                {"label": "Edition", "text": "{{ edition }} · {{ digest }}"},
                {"label": "Valid until", "text": "{{ expires_on }}"},
            ],
        ),
        (
            "small_print",
            "Anybody may check this certificate at the address below, and see which edition of the course it is for.",
        ),
    ],
}
GERMAN = {
    "name": "Offene Tür (A4, deutsch)",
    "language": "de",
    "paper": "a4",
    "orientation": "landscape",
    "alignment": "center",
    "code_position": "right",
    "ink_colour": "#1b2a2e",
    "accent_colour": "#14505c",
    "heading_font": "garamond",
    "body_font": "inter",
    "number_label": "Nummer des Zertifikats",
    "verify_label": "Prüfen unter",
    "code_label": "QR-Code der Prüfseite",
    "texts": [
        ("heading", "Zertifikat"),
        ("statement", "Hiermit wird bestätigt, dass"),
        ("name", None),
        ("statement", "den folgenden Kurs erfolgreich abgeschlossen hat:"),
        ("course", None),
        (
            "details",
            [
                {"label": "Abgeschlossen", "text": "{{ completed_on }}"},
                {"label": "Ergebnis", "text": "{{ score }}"},
                {"label": "Lernzeit", "text": "{{ duration }}"},
                {"label": "Ausgabe", "text": "{{ edition }} · {{ digest }}"},
                {"label": "Gültig bis", "text": "{{ expires_on }}"},
            ],
        ),
    ],
}


@transaction.atomic
def ensure_designs(publisher: User, german_course_key: str) -> bool:
    """Both designs, published, and the German one in use; False when there are designs already."""
    if CertificateDesign.objects.exists():
        return False
    upright = CertificateDesign(**UPRIGHT, background=_ensure_image(*RINGS))
    upright.signatories = [_sign("Ilse Hartmann", "Head of Training", "hartmann")]
    _publish(upright, publisher)
    german = CertificateDesign(**GERMAN, logo=_ensure_image(*LOGO))
    german.signatories = [
        _sign("Ilse Hartmann", "Leitung der Akademie", "hartmann"),
        _sign("Deniz Yılmaz", "Trainer", "yilmaz"),
    ]
    _publish(german, publisher)
    DesignAssignment.objects.create(design=german, course_key=german_course_key)
    return True


def _publish(design: Any, publisher: User) -> None:
    design.live = False
    design.save()
    design.save_revision(user=publisher).publish(user=publisher)


def _sign(name: str, role: str, signature: str) -> DesignSignatory:
    return DesignSignatory(name=name, role=role, signature=_ensure_image(*SIGNATURES[signature]))


def _ensure_image(path: Path, title: str) -> CourseImage:
    if existing := CourseImage.objects.filter(title=title).first():
        return existing
    with path.open("rb") as file:
        image = CourseImage(title=title, file=ImageFile(file, name=path.name))
        image.save()
    return image
