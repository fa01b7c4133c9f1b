"""Addresses, page sizes and pictures of a design body."""

import copy

from certificates.designs.builtin import built_in_design
from certificates.designs.layout import content_width, design_digest, find_pictures, main_heading, page_size


def test_digest_changes_with_the_body_and_not_with_its_order() -> None:
    body = copy.deepcopy(built_in_design().body)
    turned = copy.deepcopy(dict(reversed(body.items())))
    assert design_digest(turned) == design_digest(body)
    body["colours"]["ink"] = "#000000"
    assert design_digest(turned) != design_digest(body)


def test_page_lies_as_it_is_turned() -> None:
    body = built_in_design().body
    assert page_size(body) == (297.0, 210.0)
    upright = body | {"paper": "letter", "orientation": "portrait"}
    assert (page_size(upright), round(content_width(upright), 1)) == ((215.9, 279.4), 163.9)


def test_pictures_are_those_whose_bytes_are_there() -> None:
    compiled = built_in_design()
    assert set(find_pictures(compiled.body)) == set(compiled.pictures)


def test_document_is_named_after_its_heading() -> None:
    body = built_in_design().body
    assert main_heading(body) == "Certificate of completion"
    assert main_heading(body | {"blocks": []}) == "Built-in"
