"""Rendering content: safe, headings from h2 with ids, links looked up and never queried."""

import pytest

from courses.blocks.html import plain_text, render_markdown, render_rich_text, unique_heading_ids
from courses.blocks.refs import Refs


def test_render_markdown_shows_tables_and_strikethrough() -> None:
    html = render_markdown("| a | b |\n|---|---|\n| 1 | ~~2~~ |")
    assert html == (
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td><s>2</s></td>\n</tr>\n</tbody>\n</table>"
    )


def test_render_markdown_starts_headings_at_h2_with_ids() -> None:
    html = render_markdown("# Überblick\n\n### Set up *it*\n\n# Überblick")
    assert html == (
        '<h2 id="h-überblick">Überblick</h2>\n<h3 id="h-set-up-it">Set up <em>it</em></h3>\n'
        '<h2 id="h-überblick-2">Überblick</h2>'
    )


def test_render_markdown_leads_fragment_links_to_heading_ids() -> None:
    html = render_markdown("[go](#set-up)\n\n## Set up")
    assert html.startswith('<p><a href="#h-set-up" rel="noopener noreferrer">go</a></p>')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<p onclick='x()'>a</p>", "<p>a</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("<a href='javascript:alert(1)'>a</a>", "<p>a</p>"),
        ("<a href='//evil.example'>a</a>", "<p>a</p>"),
        ("<iframe src='https://evil.example'></iframe>a", "a"),
        ("<p style='color:red'>a</p>", "<p>a</p>"),
        ("<form><input name=q></form>a", "a"),
        ("<style>p{display:none}</style>a", "a"),
        ("H<sub>2</sub>O", "<p>H<sub>2</sub>O</p>"),
        ("Use <hub_name> here", "<p>Use &lt;hub_name&gt; here</p>"),
    ],
)
def test_render_markdown_keeps_harmless_html_only(source: str, expected: str) -> None:
    assert render_markdown(source) == expected


def test_render_markdown_resolves_relative_links_and_drops_unknown_ones() -> None:
    refs = Refs(lessons={"2-field/README.md": "/courses/iot/field/intro/"}).at("1-start/lessons/a/README.md")
    html = render_markdown("[farm](../../../2-field/README.md#soil) and [gone](pi.md)", resolve=refs.resolve_link)
    assert html == '<p><a href="/courses/iot/field/intro/#h-soil" rel="noopener noreferrer">farm</a> and gone</p>'


def test_render_markdown_turns_images_into_links_or_words() -> None:
    html = render_markdown(
        "![A map](https://example.com/map.png) ![Local](map.png) [![Badge](b.png)](https://b.example)"
    )
    assert html == (
        '<p><a href="https://example.com/map.png" rel="noopener noreferrer">A map</a> Local '
        '<a href="https://b.example" rel="noopener noreferrer">Badge</a></p>'
    )


def test_render_markdown_shows_code_with_its_language() -> None:
    html = render_markdown("```python\nprint('<b>')\n```")
    assert html == "<pre><code class=\"language-python\">print('&lt;b&gt;')\n</code></pre>"


def test_render_rich_text_rewrites_page_links_from_refs() -> None:
    refs = Refs(pages={7: "/courses/a/b/c/"})
    html = render_rich_text(
        '<p data-block-key="x1">See <a linktype="page" id="7">this</a>, <a id="8" linktype="page">that</a>, '
        '<a linktype="document" id="3">file</a> and <a href="https://example.com">the web</a>.</p>',
        refs,
    )
    assert html == (
        '<p>See <a href="/courses/a/b/c/" rel="noopener noreferrer">this</a>, that, file and '
        '<a href="https://example.com" rel="noopener noreferrer">the web</a>.</p>'
    )


def test_render_rich_text_leaves_nothing_of_embeds() -> None:
    assert render_rich_text('<p>a</p><embed embedtype="image" id="1" alt="x" format="left"/>', Refs()) == "<p>a</p>"


def test_unique_heading_ids_keeps_the_first_and_numbers_the_rest() -> None:
    taken: set[str] = set()
    html = '<h2 id="h-intro">Intro</h2>'
    assert [unique_heading_ids(html, taken) for _ in range(3)] == [
        '<h2 id="h-intro">Intro</h2>',
        '<h2 id="h-intro-2">Intro</h2>',
        '<h2 id="h-intro-3">Intro</h2>',
    ]


def test_plain_text_drops_tags_and_entities() -> None:
    assert plain_text("<p>Fish &amp; <b>chips</b></p><p>now</p>") == "Fish & chips now"


def test_the_empty_paragraph_of_an_empty_field_is_nothing():
    assert render_rich_text('<p data-block-key="a1b2c"></p>', Refs()) == ""
