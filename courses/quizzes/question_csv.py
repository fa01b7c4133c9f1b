"""Reads questions from a table: one a row, several answers in a cell separated by bars (pure).

The separator may be a comma, a semicolon (as Excel writes it in many countries) or a tab.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from courses.quizzes.definition import QUESTION_TYPES, Choice, Item, Pair, Question, true_false_choices
from courses.quizzes.exchange import (
    MAX_QUESTIONS,
    Fault,
    FaultError,
    Reading,
    ReadQuestion,
    check_reading,
    find_text_fault,
    make_title,
    normalise_lines,
    number_parts,
)
from courses.quizzes.gap_text import split_gaps
from courses.quizzes.reading import read_number

# Column, and what it is for, as the page of the admin tells.
COLUMNS: Mapping[str, str] = {
    "type": f"One of {', '.join(QUESTION_TYPES)}.",
    "question": "What is asked.",
    "correct": "The right answers, separated by |. Pairs: left -> right. Ordering: the items in order. "
    "Blanks: the text with [[answer]]. Essay: guidance for marking.",
    "wrong": "Wrong choices, or right sides that belong to nothing.",
    "title": "To find it by; without one, the beginning of the question.",
    "points": "1 if empty.",
    "explanation": "Shown with the result.",
    "tolerance": "For numbers.",
    "unit": "For numbers.",
    "category": "Category of the bank; without one, the one chosen below.",
}
REQUIRED = ("type", "question", "correct")
SEPARATORS = ",;\t"
MAX_CATEGORY = 80
_FORMULA = re.compile(r"\s*(?:[=@]|[+\-][^\d\s.,])")
_BAR = re.compile(r"(?<!\\)\|")

Row = Mapping[str, str]


def decode_table(data: bytes) -> str:
    """The text of a file: UTF-8 with or without mark, or UTF-16 as Excel's "Unicode text". Raises ``ValueError``."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def read_csv(text: str) -> Reading:
    """Everything the table says; with any fault, nothing of it should be imported."""
    text = normalise_lines(text)
    if (fault := find_text_fault(text)) is not None:
        return Reading(faults=(fault,))
    questions: list[ReadQuestion] = []
    faults: list[Fault] = []
    try:
        for line, row in _rows(text):
            if len(questions) + len(faults) >= MAX_QUESTIONS:
                faults.append(Fault(line, f"At most {MAX_QUESTIONS} questions at a time. Import the rest afterwards."))
                break
            try:
                questions.append(_read(line, row))
            except FaultError as error:
                faults.append(error.fault)
    except FaultError as error:
        faults.append(error.fault)
    if not questions and not faults:
        faults.append(Fault(1, "There is no question in the table."))
    return Reading(tuple(questions), tuple(faults))


def find_separator(header: str) -> str:
    """The one that occurs most in the first line."""
    return max(SEPARATORS, key=header.count)


def _rows(text: str) -> Any:
    """(line, row) of each row that is not empty. Raises ``FaultError``."""
    header_line = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(header_line), strict=True)
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not columns:
                columns = _read_header(cells)
            elif any(cell.strip() for cell in cells):
                if len(cells) > len(columns):
                    raise FaultError(
                        line,
                        f"The row has {len(cells)} cells, the header {len(columns)}. "
                        "Put cells that hold the separator in double quotes.",
                    )
                yield line, dict(zip(columns, cells, strict=False))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FaultError(line, f"This row cannot be read ({error}). Is a double quote missing?") from None


def _read_header(cells: list[str]) -> list[str]:
    columns = ["_".join(cell.lower().split()) for cell in cells]
    known = ", ".join(COLUMNS)
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise FaultError(1, f"The column “{unknown[0][:40]}” is not known. The first line names columns: {known}.")
    if missing := [name for name in REQUIRED if name not in columns]:
        raise FaultError(1, f"The column “{missing[0]}” is missing. The first line names columns: {known}.")
    if len(set(columns)) != len(columns):
        raise FaultError(1, "A column is there twice.")
    return columns


def _read(line: int, row: Row) -> ReadQuestion:
    cells = {name: _read_cell(line, name, value) for name, value in row.items()}
    kind = "_".join(cells["type"].lower().split())
    reader = _READERS.get(kind)
    if reader is None:
        names = ", ".join(QUESTION_TYPES)
        raise FaultError(line, f"The type “{cells['type'][:40]}” is not known. Use one of {names}.")
    _check_unused(line, kind, cells)
    question = Question(
        id="new",
        type=kind,  # type: ignore[arg-type]
        prompt=cells["question"],
        points=_read_points(line, cells.get("points", "")),
        explanation=cells.get("explanation", ""),
        **reader(line, cells),
    )
    check_reading(line, question)
    category = " ".join(cells.get("category", "").split())
    if len(category) > MAX_CATEGORY:
        raise FaultError(line, f"The name of a category has at most {MAX_CATEGORY} characters.")
    return ReadQuestion(line, make_title(cells.get("title", ""), question.prompt), question, category)


def _read_cell(line: int, name: str, value: str) -> str:
    text = value.strip()
    if text.startswith("'"):  # how spreadsheets write that a cell is text
        return text[1:]
    if _FORMULA.match(text):
        raise FaultError(
            line, f"The cell “{name}” begins like a formula: {text[:30]}. Put an apostrophe before it if it is text."
        )
    return text


def _check_unused(line: int, kind: str, cells: Row) -> None:
    """What a type has no use for would be lost."""
    numeric = ("tolerance", "unit") if kind != "numeric" else ()
    wrong = ("wrong",) if kind not in ("single", "multiple", "matching") else ()
    for name in (*numeric, *wrong):
        if cells.get(name):
            raise FaultError(line, f"A question of the type {kind} has no use for the cell “{name}”. Empty it.")


def _read_points(line: int, text: str) -> int:
    if not text:
        return 1
    if not text.isascii() or not text.isdigit() or not 1 <= len(text) <= 4 or not 1 <= int(text) <= 1000:
        raise FaultError(line, f"“{text[:20]}” points are not possible: write a whole number from 1 to 1000.")
    return int(text)


def _several(text: str) -> list[str]:
    """The parts between bars; a bar with a backslash before it is a bar."""
    return [part.strip().replace("\\|", "|") for part in _BAR.split(text) if part.strip()]


def _choices(line: int, cells: Row) -> dict[str, Any]:
    right = [Choice("", text, True) for text in _several(cells["correct"])]
    wrong = [Choice("", text, False) for text in _several(cells.get("wrong", ""))]
    return {"choices": number_parts([*right, *wrong])}


def _true_false(line: int, cells: Row) -> dict[str, Any]:
    answer = {"true": True, "t": True, "false": False, "f": False}.get(cells["correct"].lower())
    if answer is None:
        raise FaultError(line, "Write true or false as the correct answer.")
    return {"choices": true_false_choices(answer)}


def _short_text(line: int, cells: Row) -> dict[str, Any]:
    return {"accepted": tuple(_several(cells["correct"]))}


def _numeric(line: int, cells: Row) -> dict[str, Any]:
    number = read_number(cells["correct"])
    if number is None:
        raise FaultError(line, f"“{cells['correct'][:40]}” is not a number.")
    tolerance = read_number(cells["tolerance"]) if cells.get("tolerance") else 0
    if tolerance is None:
        raise FaultError(line, f"The tolerance “{cells['tolerance'][:40]}” is not a number.")
    return {"number": float(number), "tolerance": float(tolerance), "unit": cells.get("unit", "")}


def _matching(line: int, cells: Row) -> dict[str, Any]:
    pairs = []
    for part in _several(cells["correct"]):
        left, arrow, right = part.partition("->")
        if not arrow:
            raise FaultError(line, f"“{part[:40]}” has no ->. Write every pair as left -> right.")
        pairs.append(Pair("", left.strip(), right.strip()))
    return {"pairs": number_parts(pairs), "distractors": tuple(_several(cells.get("wrong", "")))}


def _ordering(line: int, cells: Row) -> dict[str, Any]:
    return {"items": number_parts(Item("", text) for text in _several(cells["correct"]))}


def _blanks(line: int, cells: Row) -> dict[str, Any]:
    texts, blanks = split_gaps(cells["correct"])
    return {"texts": texts, "blanks": blanks}


def _essay(line: int, cells: Row) -> dict[str, Any]:
    return {"guidance": cells["correct"]}


_READERS: Mapping[str, Callable[[int, Row], dict[str, Any]]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "blanks": _blanks,
    "essay": _essay,
}
