"""Hypothesis strategies that build quizzes of every type and answers of every sort, sensible or not."""

from hypothesis import strategies as st

from courses.quizzes.definition import Choice, Question, Quiz, true_false_choices

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
    )


def quizzes() -> st.SearchStrategy[Quiz]:
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
        questions=st.lists(questions(), max_size=5, unique_by=lambda item: item.id).map(tuple),
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def answers_to(draw: st.DrawFn, quiz: Quiz) -> dict:
    """For each question: nothing, a plausible answer, or rubbish under the right key or at all."""
    answers: dict = {}
    for question in quiz.questions:
        known = [choice.id for choice in question.choices]
        plausible = [{"choices": draw(st.lists(st.sampled_from(known), max_size=8)) if known else []}]
        plausible += [{"text": draw(texts)}, {"number": draw(numbers | texts)}]
        rubbish = [{draw(st.sampled_from(["choices", "text", "number"])): draw(anything)}, draw(anything), None]
        answers[question.id] = draw(st.sampled_from(plausible + rubbish))
    return answers
