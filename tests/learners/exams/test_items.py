"""The arithmetic of question analysis against formulas written the slow way."""

import random
import statistics
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.exams.items import (
    ENOUGH,
    LONGEST,
    ItemCount,
    add_counts,
    count_paper,
    counts_from_json,
    counts_to_json,
    find_flags,
    find_times,
    is_omitted,
    step_of,
    take_counts,
)

OPENED = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEYS = ("q1", "q2", "q3")
MOST = {"q1": 1, "q2": 2, "q3": 4}

points = st.fixed_dictionaries({key: st.integers(0, 4 * MOST[key]).map(lambda n: n / 4) for key in KEYS})
papers = st.lists(points, max_size=30)


def results(earned):
    return [
        {"question": key, "points": f"{value:.2f}", "max_points": MOST[key], "chosen": ["a"] if value else []}
        for key, value in earned.items()
    ]


def saved(**seconds):
    return {key: {"text": "x", "saved_at": (OPENED + timedelta(seconds=n)).isoformat()} for key, n in seconds.items()}


def count_all(drawn):
    counts = {}
    for earned in drawn:
        counts = add_counts(counts, count_paper(results(earned), saved(q1=1, q2=2, q3=3), OPENED))
    return counts


@given(papers)
def test_facility_is_the_mean_share(drawn):
    counts = count_all(drawn)
    for key in KEYS if drawn else ():
        mean = sum(earned[key] / MOST[key] for earned in drawn) / len(drawn)
        assert counts[key].facility == pytest.approx(mean)


@given(papers)
def test_discrimination_is_pearsons_correlation_with_the_rest(drawn):
    counts = count_all(drawn)
    for key in KEYS if len(drawn) > 1 else ():
        rest = sum(MOST.values()) - MOST[key]
        x = [earned[key] / MOST[key] for earned in drawn]
        y = [round((sum(earned.values()) - earned[key]) / rest, 4) for earned in drawn]
        if len(set(x)) == 1 or len(set(y)) == 1:
            assert counts[key].discrimination is None
        else:
            assert counts[key].discrimination == pytest.approx(statistics.correlation(x, y), abs=1e-6)


@given(papers, st.integers(0, 30))
def test_counting_in_parts_and_in_any_order_comes_to_the_same(drawn, cut):
    together = count_all(drawn)
    parts = add_counts(count_all(drawn[:cut]), count_all(drawn[cut:]))
    assert (parts, count_all(drawn[::-1])) == (together, together)


@given(papers, points)
def test_what_was_counted_can_be_uncounted(drawn, more):
    counts = count_all([dict.fromkeys(KEYS, 0), *drawn])
    one = count_paper(results(more), saved(q1=1, q2=40), OPENED)
    assert take_counts(add_counts(counts, one), one) == counts


@given(papers)
def test_counts_survive_being_stored(drawn):
    counts = count_all(drawn)
    assert counts_from_json(counts_to_json(counts)) == counts


def test_figures_of_later_versions_are_ignored():
    assert counts_from_json({"q": {"n": 3, "unheard_of": 7}}) == {"q": ItemCount(n=3)}


def test_one_paper_says_nothing_about_discrimination():
    counts = count_all([{"q1": 1, "q2": 0, "q3": 4}])
    assert [counts[key].discrimination for key in KEYS] == [None, None, None]


def test_a_question_alone_on_its_paper_has_no_rest():
    one = count_paper([{"question": "q1", "points": "1.00", "max_points": 1}], {}, OPENED)
    assert (one["q1"].facility, one["q1"].m, one["q1"].discrimination) == (1.0, 0, None)


def test_a_question_without_points_is_left_out():
    assert count_paper([{"question": "q1", "points": "0.00", "max_points": 0}], {}, OPENED) == {}


def test_right_partly_wrong_and_omitted_are_told_apart():
    counts = {}
    for earned, answers in ((2, saved(q2=1)), (1, saved(q2=1)), (0, saved(q2=1)), (0, {})):
        counts = add_counts(counts, count_paper(results({"q2": earned}), answers, OPENED))
    count = counts["q2"]
    assert (count.n, count.full, count.partly, count.nothing, count.omitted) == (4, 1, 1, 1, 1)


def test_a_choice_is_counted_once_a_paper():
    counts = count_all([{"q1": 1}, {"q1": 1}, {"q1": 0}])
    assert counts["q1"].choices == {"a": 2}


@pytest.mark.parametrize(
    ("answer", "omitted"),
    [
        (None, True),
        ({"choices": [], "seq": 3, "saved_at": "x"}, True),
        ({"text": "  "}, True),
        ({"pairs": {}}, True),
        ({"blanks": {"1": "", "2": " "}}, True),
        ({"blanks": {"1": "", "2": "x"}}, False),
        ({"number": "0"}, False),
        ({"order": ["a", "b"]}, False),
    ],
)
def test_an_answer_that_says_nothing_is_omitted(answer, omitted):
    assert is_omitted(answer) is omitted


def test_time_runs_from_one_save_to_the_next():
    assert find_times(saved(q2=30, q1=45, q3=100), OPENED) == {"q2": 30_000, "q1": 15_000, "q3": 55_000}


def test_answers_saved_together_share_the_time():
    assert find_times(saved(q1=60, q2=60, q3=70), OPENED) == {"q1": 30_000, "q2": 30_000, "q3": 10_000}


def test_a_clock_that_was_set_back_gives_no_negative_time():
    assert find_times(saved(q1=-5, q2=10), OPENED) == {"q1": 0, "q2": 10_000}


def test_a_pause_is_no_time_on_a_question():
    earned = {"q1": 1, "q2": 2, "q3": 0}
    counts = count_paper(results(earned), saved(q1=10, q2=10 + LONGEST + 1), OPENED)
    assert [(counts[key].timed, counts[key].milliseconds) for key in KEYS] == [(1, 10_000), (0, 0), (0, 0)]
    assert (counts["q1"].mean_seconds, counts["q2"].mean_seconds, counts["q2"].median_seconds) == (10.0, None, None)


@given(st.lists(st.integers(0, LONGEST * 1000), min_size=1, max_size=40))
def test_the_median_lies_in_the_step_of_the_true_one(times):
    count = ItemCount()
    for time in times:
        count = count + ItemCount(timed=1, milliseconds=time, steps={str(step_of(time)): 1})
    assert count.median_seconds == step_of(statistics.median_low(times))
    assert count.mean_seconds == pytest.approx(statistics.fmean(times) / 1000)


def make_count(n=100, facility=0.6, **changes):
    x = round(n * facility * 10_000)
    spread = {"m": n, "px": 5, "pxx": 100, "py": 5, "pyy": 100, "pxy": 90}
    return ItemCount(**({"n": n, "x": x, "full": n} | spread | changes))


@pytest.mark.parametrize(
    ("count", "flags"),
    [
        (make_count(choices={"a": 60, "b": 30, "c": 10}), ()),
        (make_count(pxy=-40, choices={"a": 60, "b": 30, "c": 10}), ("negative",)),
        (make_count(pxy=2, choices={"a": 60, "b": 30, "c": 10}), ("weak",)),
        (make_count(choices={"a": 30, "b": 60, "c": 10}), ("rival",)),
        (make_count(choices={"a": 60, "b": 40}), ("idle",)),
        (make_count(facility=0.97, pxy=2, choices={"a": 97, "b": 2, "c": 1}), ("too_easy",)),
        (make_count(facility=0.1, choices={"a": 90, "b": 5, "c": 5}), ("too_hard",)),
        (make_count(omitted=25, choices={"a": 60, "b": 10, "c": 5}), ("omitted",)),
        (make_count(n=ENOUGH - 1, pxy=-40), ()),
        (ItemCount(), ()),
    ],
)
def test_flags_name_what_an_author_should_look_at(count, flags):
    assert find_flags(count, right=["a"], wrong=["b", "c"]) == flags


def test_questions_that_tell_the_good_from_the_bad_discriminate():
    generator = random.Random(5)
    counts, drawn = {}, []
    for _number in range(400):
        ability = generator.random()
        drawn.append(
            {"q1": float(generator.random() < ability), "q2": 2 * float(generator.random() < ability), "q3": 0}
        )
        counts = add_counts(counts, count_paper(results(drawn[-1]), {}, OPENED))
    assert counts["q1"].discrimination == pytest.approx(1 / 3, abs=0.12)
    assert Fraction(counts["q1"].x, 10_000) == sum(Fraction(each["q1"]) for each in drawn)
