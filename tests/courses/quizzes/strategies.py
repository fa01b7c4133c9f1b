"""Hypothesis strategies that build quizzes of every type and answers of every sort, sensible or not."""

from dataclasses import replace

from hypothesis import strategies as st

from courses.quizzes.definition import (
    REVIEW_POLICIES,
    SCORE_POLICIES,
    Blank,
    Choice,
    Criterion,
    Item,
    Pair,
    Pool,
    Question,
    Quiz,
    true_false_choices,
)

texts = st.text(max_size=12)
ids = st.uuids().map(str)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


def _choices() -> st.SearchStrategy[tuple[Choice, ...]]:
    choice = st.builds(Choice, id=ids, text=texts, is_correct=st.booleans(), feedback=texts)
    return st.lists(choice, max_size=6, unique_by=lambda item: item.id).map(tuple)


def _question(**fields: st.SearchStrategy) -> st.SearchStrategy[Question]:
    return st.builds(Question, id=ids, prompt=texts, points=st.integers(1, 20), explanation=texts, **fields)


def questions() -> st.SearchStrategy[Question]:
    return st.one_of(
        _question(type=st.sampled_from(["single", "multiple"]), choices=_choices()),
        _question(type=st.just("true_false"), choices=st.booleans().map(true_false_choices)),
        _question(
            type=st.just("short_text"), accepted=st.lists(texts, max_size=3).map(tuple), is_case_sensitive=st.booleans()
        ),
        _question(
            type=st.just("numeric"),
            number=st.none() | numbers,
            tolerance=numbers.map(abs),
            unit=st.sampled_from(["", "kg"]),
        ),
        _question(type=st.just("matching"), pairs=_parts(Pair, left=texts, right=texts), distractors=_several(texts)),
        _question(type=st.just("ordering"), items=_parts(Item, text=texts)),
        _blanks(),
        _question(
            type=st.just("essay"),
            rubric=_parts(Criterion, title=texts, points=st.integers(1, 5), description=texts),
            guidance=texts,
            min_words=st.none() | st.integers(1, 50),
        ),
    )


def _several(part: st.SearchStrategy) -> st.SearchStrategy[tuple]:
    return st.lists(part, max_size=4).map(tuple)


def _parts(kind: type, **fields: st.SearchStrategy) -> st.SearchStrategy[tuple]:
    return st.lists(st.builds(kind, id=ids, **fields), max_size=5, unique_by=lambda item: item.id).map(tuple)


@st.composite
def _blanks(draw: st.DrawFn) -> Question:
    blanks = tuple(Blank(str(place), accepted) for place, accepted in enumerate(draw(_several(_several(texts))), 1))
    around = draw(st.lists(texts, min_size=len(blanks) + 1, max_size=len(blanks) + 1))
    return draw(
        _question(
            type=st.just("blanks"),
            texts=st.just(tuple(around)),
            blanks=st.just(blanks),
            is_case_sensitive=st.booleans(),
            keeps_spaces=st.booleans(),
        )
    )


@st.composite
def pooled_quizzes(draw: st.DrawFn) -> Quiz:
    """Quizzes some of whose questions stand in pools, which may ask for more than they have."""
    quiz = draw(quizzes())
    keys = [question.id for question in quiz.questions]
    pools = [
        Pool(
            pool_id, draw(texts), draw(st.integers(0, 4)), tuple(draw(st.permutations(keys))[: draw(st.integers(0, 3))])
        )
        for pool_id in draw(st.lists(ids, max_size=2, unique=True))
    ]
    return replace(quiz, pools=tuple(pools))


def quizzes() -> st.SearchStrategy[Quiz]:
    """Quizzes of fixed questions, sensible or not."""
    return st.builds(
        Quiz,
        id=ids,
        title=texts,
        introduction=texts,
        pass_percent=st.integers(0, 100),
        attempts_allowed=st.none() | st.integers(1, 9),
        time_limit=st.none() | st.integers(1, 90),
        shuffle_questions=st.booleans(),
        shuffle_choices=st.booleans(),
        cooldown_minutes=st.none() | st.integers(1, 90),
        score_policy=st.sampled_from(SCORE_POLICIES),
        review_policy=st.sampled_from(REVIEW_POLICIES),
        questions=st.lists(questions(), max_size=5, unique_by=lambda item: item.id).map(tuple),
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


ANSWER_KEYS = ["choices", "text", "number", "pairs", "order", "blanks"]


def _plausible_parts(draw: st.DrawFn, question: Question) -> list[dict]:
    rights = [right.id for right in question.rights]
    return [
        {"pairs": {pair.id: draw(st.sampled_from(rights)) for pair in question.pairs}},
        {"order": list(draw(st.permutations([item.id for item in question.items])))},
        {"blanks": {blank.id: draw(st.sampled_from([*blank.accepted, "x"])) for blank in question.blanks}},
    ]


def perfect_answers(quiz: Quiz) -> dict:
    """The answer that the key calls right to each question that has one; essays say something."""
    first = lambda accepted: next((text for text in accepted if text.strip()), "")  # noqa: E731
    by_type = {
        "short_text": lambda question: {"text": first(question.accepted)},
        "numeric": lambda question: {"number": question.number},
        "matching": lambda question: {"pairs": question.right_pairs},
        "ordering": lambda question: {"order": [item.id for item in question.items]},
        "blanks": lambda question: {"blanks": {blank.id: first(blank.accepted) for blank in question.blanks}},
        "essay": lambda question: {"text": "What I think."},
    }
    choices = lambda question: {"choices": list(question.right_ids)}  # noqa: E731
    return {question.id: by_type.get(question.type, choices)(question) for question in quiz.questions}


@st.composite
def answers_to(draw: st.DrawFn, quiz: Quiz) -> dict:
    """For each question: nothing, a plausible answer, or rubbish under the right key or at all."""
    answers: dict = {}
    for question in quiz.questions:
        known = [choice.id for choice in question.choices]
        plausible = [{"choices": draw(st.lists(st.sampled_from(known), max_size=8)) if known else []}]
        plausible += [{"text": draw(texts)}, {"number": draw(numbers | texts)}]
        plausible += _plausible_parts(draw, question)
        rubbish = [{draw(st.sampled_from(ANSWER_KEYS)): draw(anything)}, draw(anything), None]
        answers[question.id] = draw(st.sampled_from(plausible + rubbish))
    return answers
