"""The sensor's cursor against every order of commits and ticks: each changed day asked for once, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewsum_assets.reviews.source_cursor import OVERLAP, SeenChange, Window, advance, compare_states, row_digest

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
START = datetime(2026, 1, 31, 8, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


class Table:
    """Rows with the time and day of their last change, read as the index on `updated_at` would be."""

    def __init__(self) -> None:
        self.rows: dict[int, SeenChange] = {}

    def put(self, row: int, changed_at: datetime, version: int) -> str:
        day = f"2026-01-{1 + row % 5:02}"
        self.rows[row] = SeenChange(changed_at, day, row_digest(row, version))
        return day

    def since(self, moment: datetime) -> Iterator[SeenChange]:
        found = [change for change in self.rows.values() if change.changed_at >= moment]
        return iter(sorted(found, key=lambda change: change.changed_at, reverse=True))


STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "tick"]), st.integers(0, 25), st.integers(0, 6), st.integers(0, 10)),
    max_size=40,
)


@pytest.mark.parametrize("offset_minutes", [0, -300, -3, 3, 300])
@settings(derandomize=True, deadline=None, max_examples=100)
@given(steps=STEPS, at_first=st.booleans())
def test_a_change_that_becomes_visible_within_the_overlap_is_asked_for_at_the_next_tick_and_never_again(
    offset_minutes: int, steps: list[tuple[str, int, int, int]], at_first: bool
) -> None:
    table, now = Table(), START
    if at_first:
        table.put(0, now + offset_minutes * MINUTES, 0)
    newest = max((change.changed_at for change in table.rows.values()), default=None)
    start = Window.start(FIRST, LAST, newest, now)
    cursor = advance(start, table.since(start.since), LAST, now).cursor
    changed: set[str] = set()
    for version, (step, pause, row, late) in enumerate(steps, start=1):
        now += pause * MINUTES
        if step == "write":
            # The writer's clock is off, and its commit comes late.
            changed.add(table.put(row, now + (offset_minutes - late) * MINUTES, version))
            continue
        window = Window.read(cursor, FIRST)
        assert window is not None
        found = advance(window, table.since(window.since), LAST, now)
        assert set(found.days) == changed
        cursor, changed = found.cursor, set()


def test_the_window_moves_on_while_nothing_changes() -> None:
    table = Table()
    table.put(1, START, 1)
    window = Window.start(FIRST, LAST, START, START)
    assert window.since == START - OVERLAP
    found = advance(window, table.since(window.since), LAST, START + 30 * MINUTES)
    moved = Window.read(found.cursor, FIRST)
    assert moved is not None
    assert (moved.since, moved.known) == (START + 20 * MINUTES, {})


def test_a_row_that_vanishes_inside_the_window_is_a_change_of_its_day() -> None:
    table = Table()
    table.put(1, START, 1)
    window = Window.start(FIRST, LAST, START, START)
    window = Window.read(advance(window, table.since(window.since), LAST, START).cursor, FIRST) or window
    del table.rows[1]
    assert advance(window, table.since(window.since), LAST, START).days == ("2026-01-02",)


def test_states_are_compared_day_by_day() -> None:
    first = compare_states(None, {"2026-01-01": "a", "2026-01-02": "b"}, FIRST, LAST)
    assert first.days == ("2026-01-01", "2026-01-02")
    later = compare_states(first.cursor, {"2026-01-02": "b", "2026-01-03": "c"}, FIRST, LAST)
    assert later.days == ("2026-01-01", "2026-01-03")
    assert compare_states(later.cursor, {"2026-01-02": "b", "2026-01-03": "c"}, FIRST, LAST).days == ()


def test_a_cursor_of_one_kind_is_none_of_the_other() -> None:
    window = Window.start(FIRST, LAST, START, START).cursor()
    states = compare_states(None, {"2026-01-01": "a"}, FIRST, LAST).cursor
    assert Window.read(states, FIRST) is None
    assert compare_states(window, {"2026-01-01": "a"}, FIRST, LAST).days == ("2026-01-01",)
