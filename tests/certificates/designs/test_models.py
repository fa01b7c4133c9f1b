"""What an editor may save: placeholders, colours, fonts, and how many of what."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from certificates.designs import models
from certificates.models import CertificateDesign, DesignSignatory
from tests.factories.certificates import TEXTS

pytestmark = pytest.mark.django_db


def problems(**fields: Any) -> dict[str, list[str]]:
    try:
        CertificateDesign(**{"name": "Ours", "texts": TEXTS} | fields).full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def text_problem(block: str, text: str) -> str:
    stream = CertificateDesign(texts=[*TEXTS]).texts.stream_block.child_blocks[block]
    try:
        stream.clean(text)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def test_new_design_starts_with_texts_that_may_be_saved() -> None:
    design = CertificateDesign(name="New")
    design.full_clean()
    assert [child.block_type for child in design.texts] == [
        "issuer",
        "heading",
        "statement",
        "name",
        "statement",
        "course",
        "details",
    ]


def test_bad_placeholder_is_refused_with_the_list_of_good_ones() -> None:
    problem = text_problem("statement", "For {{ nmae }} and {{ name }}")
    assert problem.startswith(
        "This is not a placeholder: {{ nmae }}. You may use: {{ name }}, {{ course }}, {{ score }}"
    )


@pytest.mark.parametrize("text", ["{{ name.__class__ }}", "{{name|safe}}", "{% debug %}", "{{"])
@pytest.mark.parametrize("block", ["issuer", "heading", "statement", "small_print"])
def test_template_code_is_refused_everywhere(block: str, text: str) -> None:
    assert text_problem(block, text).startswith(f"This is not a placeholder: {text}")


def test_heading_may_not_need_what_some_certificates_lack() -> None:
    assert "score" in text_problem("heading", "Passed with {{ score }}")
    assert text_problem("heading", "{{ issuer }} certificate") == ""


def test_bad_placeholder_in_a_detail_or_a_role_is_refused() -> None:
    details = [("details", [{"label": "A", "text": "{{ nope }}"}])]
    assert "{{ nope }}" in problems(texts=[*TEXTS, *details])["texts"][0]
    with pytest.raises(ValidationError, match="nope"):
        DesignSignatory(name="Ann", role="{{ nope }}").clean_fields(exclude=["design"])


def test_label_takes_no_placeholder() -> None:
    assert problems(number_label="{{ number }}") == {
        "number_label": ["No placeholders here: write the words themselves."]
    }


def test_name_and_course_must_be_on_it_once() -> None:
    assert "texts" in problems(texts=[text for text in TEXTS if text[0] != "name"])
    assert "texts" in problems(texts=[*TEXTS, ("course", None)])


@pytest.mark.parametrize(
    ("colours", "field"),
    [
        ({"ink_colour": "#999999"}, "ink_colour"),
        ({"accent_colour": "#f0f0f0"}, "accent_colour"),
        ({"paper_colour": "#1c2623"}, "ink_colour"),
        ({"ink_colour": "red"}, "ink_colour"),
        ({"ink_colour": "#12345"}, "ink_colour"),
        ({"accent_colour": "#fff);}"}, "accent_colour"),
    ],
)
def test_colours_nobody_can_read_are_refused(colours: dict[str, str], field: str) -> None:
    assert field in problems(**colours)


def test_font_the_server_lacks_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "has_font", lambda key: key != "noto")
    (problem,) = problems(heading_font="noto")["heading_font"]
    assert problem.startswith("This server does not have Noto Serif.")
    assert "fonts-noto-core" in problem
    assert problems(heading_font="inter") == {}
