"""Linting: every fault and everything that would stop publishing, each at its line."""

from pathlib import Path

import pytest

from courses.models import CataloguePage, QuestionCategory
from courses.packs.lint import LintProblem, lint_pack, lint_path, lint_to_json, render_lint
from courses.packs.reader import read_pack
from tests.courses.packs.builder import lesson, uid, write_full_pack, write_pack

pytestmark = pytest.mark.django_db

ODD = f"""\
```{{quiz}} {uid("no answer")}
hint: x
questions:
  - {{id: {uid("q")}, type: single, prompt: A, choices: [A, B]}}
```

```{{image}} {uid("no alt")}
src: absent.png
```

```{{video}} {uid("nothing to play")}
title: A film
poster: poster.png
captions: [{{src: en.vtt}}]
```

```{{embed}} {uid("no address")}
url:
```

```{{text}} {uid("table")}
html: <table><tr><td>A</td></tr></table>
```

```{{text}} {uid("links")}
html: <p><a href="page:{uid("beta")}">there</a> and <a href="page:{uid("nowhere")}">nowhere</a></p>
```

```{{quiz}} {uid("drawing")}
questions:
  - {{id: {uid("d")}, type: bank, category: objections, count: 1}}
```
"""


def _places(problems: list[LintProblem], file: str) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.level, each.message.split(":")[0][:44]) for each in problems if each.file == file]


def test_a_good_pack_has_nothing_wrong(tmp_path: Path) -> None:
    problems = lint_pack(read_pack(write_full_pack(tmp_path)))
    assert (problems, render_lint(problems)) == ([], "Nothing is wrong.")


def test_every_block_is_checked_at_its_line(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, files={"modules/one/alpha.md": lesson("alpha", ODD)})
    assert _places(lint_path(folder), "modules/one/alpha.md") == [
        (7, "warning", "not known here, but kept"),
        (7, "error", "The pass mark of 70 % cannot be reached"),
        (7, "error", "Question 1"),
        (13, "warning", "the image has no alternative text."),
        (13, "warning", "The imported file “absent.png” is missing."),
        (17, "warning", "the poster poster.png is missing, or not the"),
        (17, "warning", "the captions en.vtt is missing, or not the f"),
        (17, "error", "Choose a video file or give the address of a"),
        (23, "error", "Give the address of a page, beginning with h"),
        (27, "error", "the editor cannot keep <table>"),
        (31, "warning", f"links to the page {uid('nowhere')}"[:44]),
        (35, "warning", "the question bank here has no category 'obje"),
        (35, "error", "The quiz has no questions. Add at least one."),
        (35, "error", "A pool has no questions. Add some, or remove"),
    ]


def test_a_category_of_the_bank_that_is_there_is_no_problem(catalogue: CataloguePage, tmp_path: Path) -> None:
    QuestionCategory.objects.create(name="Objections", slug="objections")
    folder = write_pack(tmp_path, files={"modules/one/alpha.md": lesson("alpha", ODD)})
    assert [each for each in lint_path(folder) if "no category" in each.message] == []


def test_all_faults_of_a_file_are_named(tmp_path: Path) -> None:
    blocks = (
        f"```{{image}} {uid('i')}\nsrc: ../a.png\n```\n\n"
        f"```{{quiz}} {uid('z')}\nquestions:\n  - {{id: x, type: single, prompt: A}}\n  - {{id: y, type: single}}\n"
        "```\n\n"
        "Words without a block.\n\nMore of them.\n\n"
        f"<!-- block text {uid('w')} -->\n\nGood.\n"
    )
    files = {
        "modules/one/alpha.md": lesson("alpha", blocks, "minutes: -1\nrelease_after_days: x\n"),
        "modules/two/gamma.md": "no front matter",
    }
    problems = lint_path(write_pack(tmp_path, course="level: genius\naccess: all\nlicense: [a]\n", files=files))
    assert {problem.level for problem in problems} == {"error"}
    assert sorted((problem.file, problem.line) for problem in problems) == [
        ("course.yml", 6),
        ("course.yml", 7),
        ("course.yml", 8),
        ("modules/one/alpha.md", 5),
        ("modules/one/alpha.md", 6),
        ("modules/one/alpha.md", 10),
        ("modules/one/alpha.md", 15),
        ("modules/one/alpha.md", 16),
        ("modules/one/alpha.md", 19),
        ("modules/two/gamma.md", 1),
    ]


def test_lessons_that_wait_for_each_other_or_for_strangers_are_named(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "modules/one/alpha.md": lesson("alpha", front=f"requires: [{uid('beta')}]\n"),
        "modules/one/beta.md": lesson("beta", front=f"requires: [{uid('alpha')}]\n"),
        "modules/two/gamma.md": lesson("gamma", front=f"requires: [{uid('stranger')}]\n"),
    }
    problems = lint_path(write_pack(tmp_path, files=files))
    assert [(each.file, each.level) for each in problems] == [
        ("modules/one/alpha.md", "error"),
        ("modules/two/gamma.md", "warning"),
    ]


def test_empty_courses_and_lost_covers_are_odd(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "course.yml": f"format: coursepack/1\nid: {uid('course')}\ntitle: A\ncover: lost.png\nmodules: [one]\n",
        "modules/one/module.yml": f"id: {uid('one')}\ntitle: One\nlessons: []\n",
    }
    problems = lint_path(write_pack(tmp_path, files=files))
    assert [(each.file, each.level) for each in problems] == [
        ("course.yml", "warning"),
        ("course.yml", "warning"),
        ("modules/one/module.yml", "warning"),
    ]
    assert lint_to_json(problems)["warnings"] == 3


def test_a_problem_reads_like_one_of_a_compiler() -> None:
    assert str(LintProblem("error", "is wrong.", "a.md", 3)) == "a.md:3: error: is wrong."
    assert str(LintProblem("warning", "is odd.", "a.md")) == "a.md: warning: is odd."
