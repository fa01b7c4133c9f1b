"""Events from clients: whatever comes, nothing breaks."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.progress.events import Event, EventError, read_event, read_uuid

KEY = "4f1c0f3e-53a7-4c34-8d33-7d2a3f6a9b10"

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)


def test_read_event_reads_state_position_and_intervals():
    raw = {"id": KEY.upper(), "lesson": KEY, "block": KEY, "state": "completed", "position": 3, "watched": [[0, 2.5]]}
    assert read_event(raw) == Event(KEY, KEY, KEY, "completed", 3.0, ((0.0, 2.5),))


@given(anything)
def test_read_event_never_raises(raw):
    assert isinstance(read_event(raw), EventError)


@given(st.fixed_dictionaries({"state": anything, "position": anything, "watched": anything}))
def test_read_event_never_raises_on_odd_values(values):
    found = read_event({"id": KEY, "lesson": KEY, "block": KEY} | values)
    assert isinstance(found, Event | EventError)


@pytest.mark.parametrize("position", [float("inf"), float("nan"), True, "3", 1e9, -1e9, 10**400])
def test_read_event_refuses_positions_that_are_no_seconds(position):
    found = read_event({"id": KEY, "lesson": KEY, "block": KEY, "position": position})
    assert isinstance(found, EventError)


def test_read_event_refuses_more_intervals_than_a_player_sends():
    found = read_event({"id": KEY, "lesson": KEY, "block": KEY, "watched": [[0, 1]] * 501})
    assert isinstance(found, EventError)


@pytest.mark.parametrize("value", [None, 7, "", "\x00" * 36, "z" * 32, "{" + KEY + "}", "urn:uuid:" + KEY])
def test_read_uuid_reads_only_plain_ones(value):
    assert read_uuid(value) is None


def test_read_uuid_gives_the_canonical_spelling():
    assert [read_uuid(value) for value in (KEY, KEY.upper(), KEY.replace("-", ""), uuid.UUID(KEY))] == [KEY] * 4
