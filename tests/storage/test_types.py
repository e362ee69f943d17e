"""What goes into a column comes out as it was, and what could mean anything is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import JSON, Double, Text

from bot.plan.actions import Action
from bot.plan.services import Service
from storage.store import SqlStore
from storage.types import EnumText, JsonOf, UtcInstant, column_type
from tests.storage.plan import add_action, plant

LONDON = ZoneInfo("Europe/London")


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(store: SqlStore) -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)  # British Summer Time
    second = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)  # an hour later, Greenwich Mean Time
    with store.transaction() as work:
        plant(work)
        for at in (first, second):
            add_action(work, id=f"at-{at.fold}", wake_at=at)
    with store.reading() as work:
        found = work.all(Action, order="wake_at", id=["at-0", "at-1"])
    assert [action.wake_at for action in found] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]
    assert all(action.wake_at and action.wake_at.tzinfo is UTC for action in found)


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="has no time zone"), store.transaction() as work:
        work.save(replace(plant(work), wake_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the point
    with store.reading() as work:
        assert work.count(Service) == 0


def test_a_word_outside_the_enum_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="soon"), store.transaction() as work:
        work.save(replace(plant(work), status="soon"))  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [bytes, int | str, list[int], dict[str, int]])
def test_a_field_of_an_unknown_shape_is_refused(shape: Any) -> None:
    with pytest.raises(TypeError):
        column_type(shape)


def test_column_types_follow_annotations() -> None:
    assert isinstance(column_type(str)[0], Text)
    assert isinstance(column_type(float | None)[0], Double)
    assert column_type(float | None)[1] is True
    assert isinstance(column_type(datetime)[0], UtcInstant)
    kept = column_type(tuple[int, ...])[0]
    assert isinstance(kept, JsonOf)
    assert isinstance(kept.impl_instance, JSON)
    assert isinstance(column_type(type(Action.__dataclass_fields__["status"].default))[0], EnumText)
