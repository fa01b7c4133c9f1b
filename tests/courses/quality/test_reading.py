"""Reading levels against texts whose level is known to differ, and languages without a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quality.reading import MIN_WORDS, count_english_syllables, reading_grade

EASY = "The cat sat on the mat. It saw a dog. The dog ran to the cat. They had fun all day. " * 6
HARD = (
    "Organisational interdependencies necessitate comprehensive characterisation of administrative responsibilities, "
    "notwithstanding considerable methodological disagreement concerning institutional accountability. "
) * 8
GERMAN_EASY = "Der Hund lief in den Wald. Dort sah er ein Reh. Das Reh lief weg. Der Hund war müde und schlief. " * 6
GERMAN_HARD = (
    "Die Berücksichtigung verwaltungsrechtlicher Zuständigkeitsvorschriften erfordert unterschiedliche "
    "Entscheidungsgrundlagen, deren Nachvollziehbarkeit gegenüber Aufsichtsbehörden sicherzustellen ist. "
) * 10
SWEDISH_HARD = "Myndigheternas förvaltningsrättsliga ansvarsområden kräver omfattande utredningsunderlag. " * 20


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("cat", 1), ("times", 1), ("asked", 1), ("wanted", 2), ("houses", 2), ("table", 2), ("the", 1), ("seller", 2),
     ("negotiation", 4), ("rhythm", 1), ("hmm", 1)],
)  # fmt: skip
def test_syllables_are_counted_as_spoken(word: str, syllables: int) -> None:
    assert count_english_syllables(word) == syllables


@pytest.mark.parametrize(
    ("language", "easy", "hard"), [("en", EASY, HARD), ("en-GB", EASY, HARD), ("de", GERMAN_EASY, GERMAN_HARD)]
)
def test_simple_words_take_fewer_years_than_long_ones(language: str, easy: str, hard: str) -> None:
    low, high = reading_grade(easy, language), reading_grade(hard, language)
    assert low is not None and high is not None
    assert low < 5
    assert high > 14


def test_lix_languages_have_a_level() -> None:
    assert reading_grade(SWEDISH_HARD, "sv") == 12
    assert reading_grade(EASY, "nl") == 0


def test_there_is_no_level_of_short_texts_and_unknown_languages() -> None:
    assert reading_grade("word " * (MIN_WORDS - 1), "en") is None
    assert reading_grade(EASY, "fr") is None
    assert reading_grade(EASY, "") is None


@given(st.text(), st.sampled_from(["en", "de", "sv", "xx", "", "EN_us"]))
def test_any_text_has_a_level_or_none(text: str, language: str) -> None:
    grade = reading_grade((text + " a word. ") * 60, language)
    assert grade is None or isinstance(grade, float)
