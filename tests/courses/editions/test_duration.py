"""Minutes of lessons whose author gave none."""

from courses.editions.duration import estimate_minutes


def test_empty_lesson_takes_one_minute() -> None:
    assert estimate_minutes([]) == 1


def test_reading_counts_words_not_markup() -> None:
    html = "<p>" + "<b>word</b> " * 400 + "</p>"
    assert estimate_minutes([{"type": "text", "html": html}]) == 2


def test_media_count_their_length_and_quizzes_their_questions() -> None:
    blocks = [
        {"type": "video", "duration": 90.0},
        {"type": "audio", "duration": 30.0},
        {"type": "quiz", "question_count": 4},
    ]
    assert estimate_minutes(blocks) == 5


def test_code_and_tables_are_read_too() -> None:
    blocks = [{"type": "code", "code": "x " * 200}, {"type": "table", "rows": [["word"] * 100, ["word"] * 100]}]
    assert estimate_minutes(blocks) == 2
