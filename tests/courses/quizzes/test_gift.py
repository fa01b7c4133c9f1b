"""GIFT: every type, what is told, and what is refused, with the line and what to do."""

import pytest

from courses.quizzes.definition import Question
from courses.quizzes.exchange import MAX_CHARACTERS, MAX_QUESTIONS, ReadQuestion
from courses.quizzes.gift import read_gift


def read_one(text: str) -> ReadQuestion:
    reading = read_gift(text)
    assert reading.faults == ()
    [found] = reading.questions
    return found


def ask(text: str) -> Question:
    return read_one(text).question


def refuse(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in read_gift(text).faults]


def choices(question: Question) -> list[tuple[str, bool, str]]:
    return [(choice.text, choice.is_correct, choice.feedback) for choice in question.choices]


def test_one_right_answer_with_feedback_and_explanation() -> None:
    found = read_one(
        "// made by hand\n"
        "::Tomb::Who is buried in Grant's tomb?\n{ =Grant#Of course.\n~no one #Think again.\n~Napoleon####History.}\n"
    )
    assert (found.title, found.line, found.question.type) == ("Tomb", 2, "single")
    assert (found.question.prompt, found.question.explanation) == ("Who is buried in Grant's tomb?", "History.")
    assert choices(found.question) == [
        ("Grant", True, "Of course."),
        ("no one", False, "Think again."),
        ("Napoleon", False, ""),
    ]


def test_several_right_answers_share_the_points() -> None:
    found = read_one("Which are even? {~%50%2 ~%50%4 ~%-50%3 ~%-50%5}")
    assert found.question.type == "multiple"
    assert choices(found.question) == [("2", True, ""), ("4", True, ""), ("3", False, ""), ("5", False, "")]
    assert found.notes == ()
    found = read_one("Which? {~%33.333%a ~%33.333%b ~%33.333%c ~%-100%d ~e}")
    assert found.notes == ("Here a wrong tick costs as much as a right one earns (33.3 %).",)
    assert read_one("Which? {~%100%a ~%-100%b}").question.type == "multiple"


@pytest.mark.parametrize("word", ["T", "true", "TRUE", "t"])
def test_true_or_false(word: str) -> None:
    assert ask(f"The sun rises. {{{word}}}").right_ids == ("true",)
    assert choices(ask("Is it? {F#You said true.#You said false.}")) == [
        ("True", False, "You said true."),
        ("False", True, "You said false."),
    ]
    assert choices(ask("Is it? {T##Yes.}")) == [("True", True, "Yes."), ("False", False, "")]


def test_short_answers() -> None:
    found = read_one("Two plus two? {=four =4#A digit.####Count.}")
    assert (found.question.type, found.question.accepted) == ("short_text", ("four", "4"))
    assert found.question.explanation == "Count.\nA digit."
    assert found.notes == ("Feedback to single answers stands in the explanation now.",)


@pytest.mark.parametrize(
    ("answer", "number", "tolerance"),
    [
        ("#1822:5", 1822.0, 5.0),
        ("#3", 3.0, 0.0),
        ("#-2.5", -2.5, 0.0),
        ("#0.1..0.4", 0.25, 0.15),
        ("#=3.14:0.01", 3.14, 0.01),
        ("# 1e3 : .5", 1000.0, 0.5),
    ],
)
def test_numbers(answer: str, number: float, tolerance: float) -> None:
    question = ask(f"When? {{{answer}}}")
    assert (question.type, question.number, question.tolerance) == ("numeric", number, tolerance)


def test_matching_with_right_sides_that_belong_to_nothing() -> None:
    question = ask("Capitals? {=Canada -> Ottawa =Italy->Rome =Japan -> Tokyo = -> Oslo}")
    assert [(pair.left, pair.right) for pair in question.pairs] == [
        ("Canada", "Ottawa"),
        ("Italy", "Rome"),
        ("Japan", "Tokyo"),
    ]
    assert (question.type, question.distractors) == ("matching", ("Oslo",))


def test_a_missing_word_and_an_essay() -> None:
    assert ask("Grant is {~buried =entombed ~living} in Grant's tomb.").prompt == "Grant is _____ in Grant's tomb."
    assert ask("It boils at {=100} .").prompt == "It boils at _____."
    question = ask("::Essay::Describe it. {####Two pages.}")
    assert (question.type, question.explanation) == ("essay", "Two pages.")


def test_escapes_and_formats() -> None:
    question = ask(r"[plain]Is 2 \= 1 + 1 \{really\}?\nSay \: so \# \~ \\ { =a \= b ~c \} d }")
    assert question.prompt == "Is 2 = 1 + 1 {really}?\nSay : so # ~ \\"
    assert [choice.text for choice in question.choices] == ["a = b", "c } d"]
    found = read_one("[html]<p>What is <b>bold</b>?</p><p>1 &lt; 2</p>{=<p>This</p> ~That}")
    assert (found.question.prompt, found.question.choices[0].text) == ("What is bold?\n1 < 2", "This")
    assert found.notes == ("Formatting was left out: questions are plain text.",)
    assert read_one("[markdown]*So*? {=a ~b}").notes == (
        "Marks of Markdown stay as they are typed: questions are plain text.",
    )
    assert ask("Is <b> a tag? {T}").prompt == "Is <b> a tag?"


def test_titles_are_made_where_there_are_none() -> None:
    assert read_one("What is\nit? {T}").title == "What is it?"
    assert len(read_one("x" * 300 + " {T}").title) == 255


def test_categories_hold_for_what_follows() -> None:
    reading = read_gift("a {T}\n\n$CATEGORY: $course$/top/Geography/Europe\n\nb {T}\n$CATEGORY: Art\nc {T}")
    assert [(found.line, found.category) for found in reading.questions] == [
        (1, ""),
        (5, "Geography / Europe"),
        (7, "Art"),
    ]
    assert refuse("$CATEGORY: $course$/top\n\na {T}") == [(1, "A category needs a name of at most 80 characters.")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Just a text.", 1, "no answers in braces"),
        ("a {T}\n\nWho? {=a\n\n~b}", 3, "not closed before the next blank line"),
        ("Who?\nWho? =a}", 2, "was not opened"),
        ("Who? {=a} and {=b}", 1, "several answer blocks"),
        ("Who? {{=a ~b}}", 1, "several answer blocks"),
        ("Who? {a ~b}", 1, "must begin with ="),
        ("Who? {~a ~b}", 1, "No answer is marked as right"),
        ("Who? {=a =b ~c}", 1, "of which one would be enough"),
        ("Who? {=a ~%50%b ~c}", 1, "different weights"),
        ("Who? {~%60%a ~%40%b ~c}", 1, "the weight %50%"),
        ("Who? {~%500%a ~b}", 1, "not between -100 and 100"),
        ("Who? {~%x%a ~b}", 1, "a weight is written %50%"),
        ("Who? {=a ~}", 1, "A choice has no text"),
        ("Who? {=a ~a}", 1, "Two choices have the same text"),
        ("Who? {=%50%a =b}", 1, "Part of the points"),
        ("Who? {=Mc*}", 1, "wildcard"),
        ("Who? {=a -> b =c}", 1, "has no ->"),
        ("Who? {=a -> b#no =c -> d}", 1, "neither weights nor feedback"),
        ("Who? {=a -> b =c -> b}", 1, "Two right sides read the same"),
        ("When? {#soon}", 1, "not a number"),
        ("When? {#1:x}", 1, "not a number"),
        ("When? {#3..1}", 1, "higher than the second"),
        ("When? {#1:-1}", 1, "tolerance must be 0 or more"),
        ("When? {#=1 =2}", 1, "Several right numbers"),
        ("When? {#=1 ~2}", 1, "begin with =, not with ~"),
        ("When? {#=%50%1}", 1, "Part of the points for a number"),
        ("::T Who? {T}", 1, "title is not closed"),
        ("{T}", 1, "The prompt is empty"),
        ("[html]<img src=x> {T}", 1, "HTML <img src=x> cannot be kept"),
        ("[html]<script>alert(1)</script> {T}", 1, "HTML <script> cannot be kept"),
        ("a {T}\n\n\nb\0 {T}", 4, "U+0000"),
        ("a \ue001 {T}", 1, "U+E001"),
        ("", 1, "no question in the text"),
        ("// only a comment", 1, "no question in the text"),
        ("x" * 4001 + " {T}", 1, "prompt has 4,001 characters; at most 4,000"),
        ("Who? {=" + "x" * 2001 + " ~b}", 1, "choice has 2,001 characters"),
        ("Who? {=" + "x" * 501 + "}", 1, "answer has 501 characters"),
        ("Who? {" + " ".join(f"={n}" for n in range(51)) + "}", 1, "more than 50 answers"),
        ("Who? {" + "=" * 300 + "}", 1, "more than 200 answers"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    (found, told) = refuse(text)[0]
    assert (found, message in told) == (line, True), told


def test_all_faults_are_told_at_once_and_good_questions_beside_them() -> None:
    reading = read_gift("a {T}\n\nb {\n\nc {=x ~x}\n\nd {F}")
    assert [fault.line for fault in reading.faults] == [3, 5]
    assert [found.line for found in reading.questions] == [1, 7]


def test_too_much_is_refused_before_it_is_read() -> None:
    assert refuse("x" * (MAX_CHARACTERS + 1)) == [
        (1, "The text has more than 1,000,000 characters. Import it in parts.")
    ]
    text = "\n\n".join(f"q{number} {{T}}" for number in range(MAX_QUESTIONS + 1))
    assert refuse(text) == [(2 * MAX_QUESTIONS + 1, "At most 500 questions at a time. Import the rest afterwards.")]
    assert len(refuse("{" * 500_000)) == 1
    assert len(refuse("a {" + "=~" * 400_000 + "}")) == 1


def test_windows_lines_and_byte_order_marks_are_welcome() -> None:
    assert [found.line for found in read_gift("\ufeffa {T}\r\n\r\nb {F}\r\n").questions] == [1, 3]
