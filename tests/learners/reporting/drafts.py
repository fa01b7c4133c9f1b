"""Random courses that can be compiled and released without saving a page, random edits of them, random learners."""

import json
import uuid
from random import Random
from typing import Any

from courses.editions.models import CourseState, Release
from courses.editions.releasing import Candidate, compile_candidate, make_release
from courses.editions.rows import Tree
from courses.editions.services import get_or_create_state
from courses.models import CoursePage
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.exams.services import open_attempt, submit_attempt
from learners.progress.services import complete_lesson, record_progress
from tests.factories.pages import make_block, make_item

Block = dict[str, Any]
Lesson = dict[str, Any]


def row(pk: int, path: str, key: uuid.UUID, **facts: Any) -> dict[str, Any]:
    """A module or lesson as the compiler reads it from the database."""
    rules = {"release_at": None, "release_after_days": None, "requires": []}
    return {"pk": pk, "path": path, "translation_key": key, "summary": "", "source": ""} | rules | facts


class Draft:
    """The working copy of one course: modules of lessons of blocks, and edits at random."""

    def __init__(self, page: CoursePage, rng: Random) -> None:
        self.page, self.rng = page, rng
        self.skipped: set[str] = set()  # blocks that somebody has left out
        self.modules: list[list[Lesson]] = [[], []]
        for module in self.modules:
            for _number in range(rng.randint(0 if module is self.modules[1] else 1, 2)):
                module.append(self.new_lesson())
        page.passing_percentage = rng.choice([0, 50, 80])
        page.completion_days = rng.choice([None, 10, 20])

    @property
    def lessons(self) -> list[Lesson]:
        return [lesson for module in self.modules for lesson in module]

    def new_lesson(self) -> Lesson:
        return {"key": uuid.uuid4(), "blocks": [self.new_block() for _number in range(self.rng.randint(1, 3))]}

    def new_block(self) -> Block:
        rng = self.rng
        block = {"id": str(uuid.uuid4()), "is_required": rng.random() < 0.7, "words": rng.randint(1, 500), "key": None}
        if rng.random() < 0.4:
            block |= {"key": "a", "question": str(uuid.uuid4()), "pass": rng.choice([0, 100]), "points": 1}
        return block

    def edit(self) -> None:
        """Up to five changes; not each makes a difference."""
        edits = [
            self._add_block, self._remove_block, self._remove_block, self._remove_block, self._turn_required,
            self._turn_required, self._set_course, self._set_course,
            self._move_block, self._add_lesson, self._remove_lesson, self._move_lesson, self._turn_key,
            self._turn_key, self._set_pass_mark, self._set_points, self._set_course, self._set_course,
            self._retitle,
            self._free_skipped, self._free_skipped, self._free_skipped, self._set_days, self._set_days,
        ]  # fmt: skip
        for _number in range(self.rng.randint(1, 5)):
            self.rng.choice(edits)()

    def _any_block(self) -> tuple[Lesson, Block] | None:
        found = [(lesson, block) for lesson in self.lessons for block in lesson["blocks"]]
        return self.rng.choice(found) if found else None

    def _any_quiz(self) -> Block | None:
        found = [block for lesson in self.lessons for block in lesson["blocks"] if block["key"]]
        return self.rng.choice(found) if found else None

    def _add_block(self) -> None:
        if self.lessons:
            self.rng.choice(self.lessons)["blocks"].insert(0, self.new_block())

    def _remove_block(self) -> None:
        if found := self._any_block():
            found[0]["blocks"].remove(found[1])

    def _turn_required(self) -> None:
        if found := self._any_block():
            found[1]["is_required"] = not found[1]["is_required"]

    def _move_block(self) -> None:
        if found := self._any_block():
            found[0]["blocks"].remove(found[1])
            self.rng.choice(self.lessons)["blocks"].append(found[1])

    def _add_lesson(self) -> None:
        self.rng.choice(self.modules).append(self.new_lesson())

    def _remove_lesson(self) -> None:
        module = self.rng.choice(self.modules)
        if len(self.lessons) > 1 and module:
            module.pop()

    def _move_lesson(self) -> None:
        source, target = self.rng.sample(self.modules, 2)
        if source:
            target.insert(0, source.pop())

    def _turn_key(self) -> None:
        if block := self._any_quiz():
            block["key"] = "b" if block["key"] == "a" else "a"

    def _set_pass_mark(self) -> None:
        if block := self._any_quiz():
            block["pass"] = 100 - block["pass"]

    def _set_points(self) -> None:
        if block := self._any_quiz():
            block["points"] = 4 - block["points"]

    def _set_course(self) -> None:
        name, values = self.rng.choice(
            [
                ("passing_percentage", [0, 50, 80]),
                ("completion_days", [None, 10, 30]),
                ("has_certificate", [True, False]),
                ("expires_after_days", [None, 5]),
            ]
        )
        setattr(self.page, name, self.rng.choice(values))

    def _set_days(self) -> None:
        self.page.completion_days = self.rng.randint(5, 25)

    def _free_skipped(self) -> None:
        """What somebody has left out is required no more."""
        for lesson in self.lessons:
            for block in lesson["blocks"]:
                if block["id"] in self.skipped:
                    block["is_required"] = False

    def _retitle(self) -> None:
        self.page.summary = f"About {self.rng.random()}"

    def tree(self) -> Tree:
        """As the compiler reads pages that are published."""
        modules, lessons = [], []
        for m, content in enumerate(self.modules):
            path = f"{self.page.path}{m:04}"
            key = uuid.uuid5(self.page.translation_key, str(m))
            modules.append(row(m, path, key, title=f"Module {m}", slug=f"module-{m}"))
            for number, lesson in enumerate(content):
                title = f"Lesson {lesson['key']}"
                facts = {"title": title, "slug": f"lesson-{lesson['key']}", "minutes": None}
                body = json.dumps([self._raw(block) for block in lesson["blocks"]])
                pk = 1_000_000 + len(lessons)
                lessons.append(row(pk, f"{path}{number:04}", lesson["key"], stored=body, **facts))
        return Tree(modules, lessons)

    def _raw(self, block: Block) -> dict[str, Any]:
        if not block["key"]:
            raw = make_block("markdown", {"source": "word " * block["words"]}, is_required=block["is_required"])
            return raw | {"id": block["id"]}
        choices = [
            make_item("choice", {"text": text, "is_correct": text == block["key"], "feedback": ""})
            | {"id": str(uuid.uuid5(uuid.UUID(block["question"]), text))}
            for text in ("a", "b")
        ]
        question = {"prompt": "Which?", "points": block["points"], "choices": choices, "explanation": ""}
        value = {
            "title": "Quiz", "introduction": "", "pass_percent": block["pass"], "attempts_allowed": None,
            "shuffle_questions": False, "shuffle_choices": False,
            "questions": [make_item("single", question) | {"id": block["question"]}],
        }  # fmt: skip
        return make_block("quiz", value, is_required=block["is_required"]) | {"id": block["id"]}

    def compile(self) -> tuple[CourseState, Candidate]:
        state = get_or_create_state(self.page)
        return state, compile_candidate(self.page, state.edition, tree=self.tree())

    def release(self, policy: str) -> Release | None:
        """In force now; None where nothing has changed."""
        state, candidate = self.compile()
        if not candidate.is_news:
            return None
        made = make_release(state, candidate, policy=policy)
        state.is_published = True
        state.save()
        return made

    def add_learner(self) -> Enrolment:
        """Somebody who is enrolled on the edition in force and does some of it, or nothing."""
        rng, state = self.rng, get_or_create_state(self.page)
        user = User.objects.create(email=f"{uuid.uuid4()}@example.com", name="Lee")
        enrolment, _is_new = enrol(user=user, state=state)
        eagerness = rng.choice([0, 0.5, 0.8, 1, 1, 1])
        skipped = self._any_block() if rng.random() < 0.8 else None  # many are nearly done
        self.skipped |= {skipped[1]["id"]} if skipped else set()
        if eagerness:
            for lesson in self.lessons:
                self._study(enrolment, lesson, eagerness, skipped[1]["id"] if skipped else "")
        return enrolment

    def _study(self, enrolment: Enrolment, lesson: Lesson, eagerness: float, skipped: str) -> None:
        rng, user = self.rng, enrolment.user
        key = str(lesson["key"])
        blocks = [block for block in lesson["blocks"] if block["id"] != skipped and rng.random() < eagerness]
        done = [block for block in blocks if not block["key"]]
        events = [
            {"id": str(uuid.uuid4()), "lesson": key, "block": block["id"], "state": "completed"} for block in done
        ]
        record_progress(user=user, enrolment_id=enrolment.pk, events=events)
        for block in blocks:
            if block["key"]:
                self._sit(enrolment, key, block)
        if rng.random() < eagerness and not any(block["is_required"] for block in lesson["blocks"]):
            complete_lesson(user=user, enrolment=enrolment, lesson_key=key)

    def _sit(self, enrolment: Enrolment, lesson: str, block: Block) -> None:
        attempt = open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson, block_id=block["id"])
        if self.rng.random() < 0.25:
            return  # left open
        choice = str(uuid.uuid5(uuid.UUID(block["question"]), self.rng.choice(["a", "b", block["key"]])))
        answers = [{"question": block["question"], "choices": [choice]}]
        submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=answers)
