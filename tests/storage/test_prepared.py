"""A prepared statement answers as SQLAlchemy's own execution does, and fails as it does."""

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from bot.plan.services import Service
from storage import prepared
from storage.records import to_row
from storage.store import SqlStore
from storage.tables import TABLES
from storage.work import SqlWork
from tests.storage.plan import plant

SERVICES = TABLES[Service]


def test_rows_are_those_of_sqlalchemy(store: SqlStore) -> None:
    one = select(SERVICES).where(SERVICES.c.id == bindparam("id"))
    some = select(SERVICES).where(SERVICES.c.id.in_(bindparam("ids", expanding=True)))
    with store.transaction() as work:
        plant(work)
        service = work.get(Service, "service")
        for statement, given in ((one, {"id": "service"}), (some, {"ids": ["service", "none"]})):
            theirs = [tuple(row) for row in work.connection.execute(statement, given)]
            for _ in range(2):
                assert [tuple(row) for row in prepared.rows(work.connection, statement, given)] == theirs
            assert theirs == [tuple(to_row(service).values())]
        assert prepared.row(work.connection, one, {"id": "none"}) is None


def test_errors_are_those_of_sqlalchemy_and_tell_no_values(store: SqlStore) -> None:
    again = insert(SERVICES)
    with store.transaction() as work:
        plant(work)
        service = work.get(Service, "service")
    assert service
    with pytest.raises(IntegrityError) as raised, store.transaction() as work:
        prepared.touched(work.connection, again, to_row(service))
    assert service.name not in str(raised.value)
    with pytest.raises((OperationalError, ProgrammingError)), store.transaction() as work:
        prepared.rows(work.connection, text("SELECT nothing FROM nowhere"), {})


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_connection_that_the_server_ended_is_replaced(store: SqlStore) -> None:
    def cut_off(work: SqlWork) -> None:
        pid = prepared.row(work.connection, text("SELECT pg_backend_pid()"), {})[0]
        with store.reading() as other:
            other.connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        prepared.rows(work.connection, text("SELECT 1"), {})

    with pytest.raises(OperationalError) as raised, store.transaction() as work:
        cut_off(work)
    assert raised.value.connection_invalidated
    with store.transaction() as work:
        assert prepared.row(work.connection, text("SELECT 1"), {})[0] == 1
