"""Words, headings and links of lessons."""

from courses.quality.prose import extract_prose, find_skipped_headings, list_site_links


def test_prose_is_one_paragraph_a_line_without_code_and_tables() -> None:
    html = (
        "<h2 id='h-a'>Why &amp; how</h2><p>One <b>two</b>\nthree.</p><ul><li>Item</li></ul>"
        "<pre><code>x = 1</code></pre><table><tr><td>cell</td></tr></table><p>Run <code>make</code> now.</p>"
    )
    assert extract_prose(html) == "Why & how\nOne two three.\nItem\nRun now."


def test_headings_may_go_down_one_level_and_up_any() -> None:
    assert list(find_skipped_headings([("a", "<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2>")])) == []


def test_skipped_headings_are_told_once_a_block_with_their_words() -> None:
    first = "<h3 id='x'>First <b>one</b></h3><h2>Ok</h2><h5>Later</h5>"
    parts = [("a", first), ("b", "<h2>Fine</h2>"), ("c", "<h4>Too deep</h4>")]
    assert list(find_skipped_headings(parts)) == [("a", "First one", 3, 1), ("c", "Too deep", 4, 2)]


def test_site_links_are_found_in_html_and_markdown() -> None:
    words = """<a href="/courses/a/b/?x=1#y">1</a> [2](/courses/c) [3][r] <a href='/courses/d/e/'>4</a>
    [r]: /courses/f/
    [no](https://example.com/courses/g/) /courses/bare/ [no](/learn/)"""
    assert list_site_links(words) == ["/courses/a/b/", "/courses/c/", "/courses/d/e/", "/courses/f/"]
