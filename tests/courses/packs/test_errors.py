"""How faults read."""

import pytest

from courses.packs.errors import MAX_FAULTS, Fault, Faults, PackError


def test_fault_names_file_and_line() -> None:
    assert str(Fault("is wrong.", "course.yml", 3)) == "course.yml:3: is wrong."
    assert str(Fault("is wrong.", "course.yml")) == "course.yml: is wrong."
    assert str(Fault("Everything is wrong.")) == "Everything is wrong."


def test_faults_collects_and_raises_all_at_once() -> None:
    faults = Faults()
    faults.raise_if_any()
    faults.add("first.", file="a", line=1)
    with faults.collect():
        raise PackError("second.", file="b")
    with pytest.raises(PackError) as caught:
        faults.raise_if_any()
    assert str(caught.value) == "a:1: first.\nb: second."


def test_faults_shows_a_bounded_number() -> None:
    faults = Faults()
    for number in range(MAX_FAULTS + 7):
        faults.add(str(number))
    with pytest.raises(PackError) as caught:
        faults.raise_if_any()
    lines = str(caught.value).splitlines()
    assert (len(caught.value.faults), len(lines), lines[-1]) == (MAX_FAULTS + 7, MAX_FAULTS + 1, "... and 7 more.")
