"""Gates and links of copies lead to copies."""

from courses.curriculum.remapping import remap_links, remap_required


def test_gates_of_pages_that_were_not_copied_are_left_out() -> None:
    items = [{"id": str(pk), "type": "lesson", "value": {"page": pk, "minimum_score": 80}} for pk in (1, 2, None)]
    once = remap_required(items, {1: 11})
    assert once == [{"id": "1", "type": "lesson", "value": {"page": 11, "minimum_score": 80}}]
    assert remap_required(once, {1: 11}) == once


def test_links_lead_to_the_copies_wherever_they_stand() -> None:
    text = (
        '<p id="1"><a linktype="page" id="1">a</a> <a id="2" linktype="page">b</a> '
        '<a linktype="document" id="1">c</a></p>'
    )
    body = [{"type": "text", "value": {"text": text, "n": 1, "list": [text]}}]
    wanted = text.replace('linktype="page" id="1"', 'linktype="page" id="11"')
    assert remap_links(body, {1: 11}) == [{"type": "text", "value": {"text": wanted, "n": 1, "list": [wanted]}}]
