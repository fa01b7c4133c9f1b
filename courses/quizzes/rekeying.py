"""An old paper with a corrected key: what was asked stays, what counts as right comes from a later quiz."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from courses.quizzes.definition import CHOICE_TYPES, Choice, Pair, Question, Quiz


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """``kept`` names the questions that could not take a new key and keep their own."""

    quiz: Quiz
    kept: tuple[str, ...]


def rekey_quiz(asked: Quiz, corrected: Quiz) -> Rekeyed:
    """``asked`` with the keys of ``corrected``, question by question by id.

    Points, pass mark, policies and everything the learner read stay those of ``asked``. A question keeps its key when
    the later quiz no longer has it, or when it asks for something that could not be answered on the old paper: another
    kind of answer, a right choice or right side that was not there, other items, another number of blanks. Essays have
    no key, and their rubric stays.
    """
    later = {question.id: question for question in corrected.questions}
    questions, kept = [], []
    for question in asked.questions:
        found = later.get(question.id)
        rekeyed = _rekey(question, found) if found is not None else None
        if rekeyed is None and question.type != "essay":
            kept.append(question.id)
        questions.append(rekeyed or question)
    return Rekeyed(replace(asked, questions=tuple(questions)), tuple(kept))


def _rekey(asked: Question, later: Question) -> Question | None:
    rekey = _REKEY.get(asked.type)
    both_choose = asked.type in CHOICE_TYPES and later.type in CHOICE_TYPES
    if rekey is None or (later.type != asked.type and not both_choose):
        return None
    rekeyed = rekey(asked, later)
    return None if rekeyed is None else replace(rekeyed, explanation=later.explanation)


def _rekey_choices(asked: Question, later: Question) -> Question | None:
    """A choice that was taken out later keeps what it was; one that was added later was not on the paper."""
    known = {choice.id: choice for choice in later.choices}
    choices = tuple(
        Choice(choice.id, choice.text, known[choice.id].is_correct, known[choice.id].feedback)
        if choice.id in known
        else choice
        for choice in asked.choices
    )
    rekeyed = replace(asked, type=later.type, choices=choices)
    is_known = any(choice.id in known for choice in asked.choices)
    return rekeyed if is_known and rekeyed.right_ids else None


def _rekey_text(asked: Question, later: Question) -> Question:
    return replace(
        asked,
        accepted=later.accepted,
        is_case_sensitive=later.is_case_sensitive,
        keeps_spaces=later.keeps_spaces,
    )


def _rekey_number(asked: Question, later: Question) -> Question:
    return replace(asked, number=later.number, tolerance=later.tolerance, unit=later.unit)


def _rekey_pairs(asked: Question, later: Question) -> Question | None:
    """The right sides on the paper are all there are: pairs may be exchanged, distractors may become right."""
    known = {pair.id: pair.right for pair in later.pairs}
    pairs = tuple(Pair(pair.id, pair.left, known.get(pair.id, pair.right)) for pair in asked.pairs)
    on_paper = {right.id: right.text for right in asked.rights}
    used = {asked.right_id(pair.right) for pair in pairs}
    if len(used) < len(pairs) or not used <= set(on_paper):
        return None
    rest = tuple(text for key, text in on_paper.items() if key not in used)
    return replace(asked, pairs=pairs, distractors=rest)


def _rekey_order(asked: Question, later: Question) -> Question | None:
    texts = {item.id: item for item in asked.items}
    if len(later.items) != len(asked.items) or {item.id for item in later.items} != set(texts):
        return None
    return replace(asked, items=tuple(texts[item.id] for item in later.items))


def _rekey_blanks(asked: Question, later: Question) -> Question | None:
    if [blank.id for blank in later.blanks] != [blank.id for blank in asked.blanks]:
        return None
    return replace(_rekey_text(asked, later), blanks=later.blanks)


_REKEY: dict[str, Callable[[Question, Question], Question | None]] = {
    "single": _rekey_choices,
    "multiple": _rekey_choices,
    "true_false": _rekey_choices,
    "short_text": _rekey_text,
    "numeric": _rekey_number,
    "matching": _rekey_pairs,
    "ordering": _rekey_order,
    "blanks": _rekey_blanks,
}
