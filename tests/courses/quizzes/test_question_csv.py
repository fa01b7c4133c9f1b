"""Questions from tables, as spreadsheets of all countries write them."""

import pytest

from courses.quizzes.definition import Question
from courses.quizzes.question_csv import COLUMNS, decode_table, find_separator, read_csv

HEADER = "type,question,correct,wrong,title,points,explanation,tolerance,unit,category\n"


def ask(row: str) -> Question:
    reading = read_csv(HEADER + row)
    assert reading.faults == ()
    return reading.questions[0].question


def refuse(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in read_csv(text).faults]


def test_the_columns_are_those_of_the_guide() -> None:
    assert set(HEADER.strip().split(",")) == set(COLUMNS)


def test_choices_stand_between_bars() -> None:
    question = ask(r'single,"Which, then?",This,That | a \| b,,2,Because.')
    assert (question.type, question.prompt, question.points, question.explanation) == (
        *("single", "Which, then?"),
        *(2, "Because."),
    )
    assert [(choice.text, choice.is_correct) for choice in question.choices] == [
        ("This", True),
        ("That", False),
        ("a | b", False),
    ]
    assert len(ask("multiple,Which?,a|b,c").right_ids) == 2


def test_the_other_types() -> None:
    assert ask("true_false,Is it?,FALSE").right_ids == ("false",)
    assert ask("Short text,Who?,Anna|Anne").accepted == ("Anna", "Anne")
    question = ask('numeric,How much?,"1,5",,,,,"0,1",kg')
    assert (question.number, question.tolerance, question.unit) == (1.5, 0.1, "kg")
    question = ask("matching,Match,a -> 1 | b->2,3")
    assert [(pair.left, pair.right) for pair in question.pairs] == [("a", "1"), ("b", "2")]
    assert question.distractors == ("3",)
    assert [item.text for item in ask("ordering,Sort,one|two|three").items] == ["one", "two", "three"]
    assert ask("blanks,Fill in,Water boils at [[100|one hundred]] degrees").blanks[0].accepted == ("100", "one hundred")
    assert ask("essay,Why?,Say so.").guidance == "Say so."


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    text = "type,question,correct\ntrue_false,Is it?,true\n".replace(",", separator)
    assert find_separator(text.split("\n")[0]) == separator
    assert read_csv("\ufeff" + text.replace("\n", "\r\n")).questions[0].question.prompt == "Is it?"


def test_lines_are_those_of_the_file() -> None:
    text = 'type,question,correct,category,title\n\ntrue_false,"Is\nit?",true,Art,So\n\ntrue_false,x,maybe\n'
    reading = read_csv(text)
    assert [(found.line, found.category, found.title) for found in reading.questions] == [(3, "Art", "So")]
    assert [(fault.line, fault.message) for fault in reading.faults] == [
        (6, "Write true or false as the correct answer.")
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("type,question\n", 1, "“correct” is missing"),
        ("type,question,correct,colour\n", 1, "“colour” is not known"),
        ("type,type,question,correct\n", 1, "there twice"),
        (HEADER, 1, "no question in the table"),
        (HEADER + "sum,Which?,a", 2, "type “sum” is not known"),
        (HEADER + "single,Which?,a", 2, "Fewer than two choices"),
        (HEADER + 'single,"=HYPERLINK(""http://x"")",a,b', 2, "begins like a formula"),
        (HEADER + "single,@SUM(1),a,b", 2, "begins like a formula"),
        (HEADER + "single,+cmd|' /C calc'!A0,a,b", 2, "begins like a formula"),
        (HEADER + "single,Which?,a,b,,0", 2, "points are not possible"),
        (HEADER + "single,Which?,a,b,,1.5", 2, "points are not possible"),
        (HEADER + "numeric,Which?,many", 2, "“many” is not a number"),
        (HEADER + "numeric,Which?,1,,,,,wide", 2, "tolerance “wide” is not a number"),
        (HEADER + "numeric,Which?,1,2", 2, "no use for the cell “wrong”"),
        (HEADER + "single,Which?,a,b,,,,1", 2, "no use for the cell “tolerance”"),
        (HEADER + "matching,Which?,a|b", 2, "has no ->"),
        (HEADER + "blanks,Which?,none", 2, "no blank"),
        (HEADER + "single,Which?,a,b" + "," * 9, 2, "The row has 13 cells, the header 10"),
        (HEADER + '\nsingle,"Which?,a,b\n', 3, "double quote missing"),
        (HEADER + "single,Whi\0ch?,a,b", 2, "U+0000"),
        (HEADER + "single,Which?,a,b,,,,,," + "x" * 81, 2, "at most 80 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    [(found, told)] = refuse(text)
    assert (found, message in told) == (line, True), told


def test_an_apostrophe_keeps_a_text_a_text_and_minus_keeps_a_number() -> None:
    assert ask("single,'=1+1 gives?,2,3").prompt == "=1+1 gives?"
    assert ask("numeric,How cold?,-5").number == -5.0


def test_only_text_is_a_table() -> None:
    assert decode_table("é".encode("utf-16")) == "é"
    assert decode_table(b"\xef\xbb\xbfa") == "a"
    with pytest.raises(ValueError, match="decode"):
        decode_table("é".encode("latin-1"))


def test_too_many_rows_are_refused() -> None:
    text = HEADER + "true_false,x,true\n" * 501
    assert refuse(text) == [(502, "At most 500 questions at a time. Import the rest afterwards.")]
