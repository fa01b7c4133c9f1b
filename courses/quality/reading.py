"""How hard a text is to read, as the school year it takes (pure). Formulas exist for a few languages only.

English: Flesch-Kincaid grade (Kincaid et al., 1975). German: first Wiener Sachtextformel (Bamberger and Vanecek, 1984).
Danish, Dutch, Norwegian and Swedish: LIX (Björnsson, 1968), turned into years as by Anderson (1983).
"""

import re

# Shorter texts say nothing reliable.
MIN_WORDS = 100
LIX_LANGUAGES = {"da", "nl", "nb", "nn", "no", "sv"}
_LIX_YEARS = (10, 15, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56)

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)|\n+")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_GERMAN_VOWELS = re.compile(r"[aeiouäöüy]+")
# "times" and "asked", but not "houses", "wanted" or "table".
_SILENT_END = re.compile(r"(?:[^aeiouylscxzgh]es|[^aeiouytd]ed|[^aeiouyl]e)$")


def reading_grade(text: str, language: str) -> float | None:
    """School years it takes to read the text with ease; ``None`` for short texts and languages without a formula."""
    words = _WORD.findall(text)
    if len(words) < MIN_WORDS:
        return None
    sentences = max(1, sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part)))
    code = language.lower().replace("_", "-").split("-")[0]
    if code == "en":
        syllables = sum(count_english_syllables(word) for word in words)
        return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    if code == "de":
        return _vienna(words, sentences)
    if code in LIX_LANGUAGES:
        lix = len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)
        return float(sum(lix >= bound for bound in _LIX_YEARS))
    return None


def count_english_syllables(word: str) -> int:
    """Groups of vowels, without a silent ending; at least one."""
    lower = word.lower()
    groups = len(_ENGLISH_VOWELS.findall(lower))
    return max(1, groups - bool(_SILENT_END.search(lower)))


def _vienna(words: list[str], sentences: int) -> float:
    syllables = [len(_GERMAN_VOWELS.findall(word.lower())) for word in words]
    share = 100 / len(words)
    long_words = share * sum(count >= 3 for count in syllables)
    single = share * sum(count <= 1 for count in syllables)
    six_letters = share * sum(len(word) > 6 for word in words)
    return 0.1935 * long_words + 0.1672 * len(words) / sentences + 0.1297 * six_letters - 0.0327 * single - 0.875
