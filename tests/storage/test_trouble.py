"""A database that is away is one line in the log, with the reason; what somebody typed is never in it."""

import logging
import os
import socket

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.logs import quiet_logs
from storage import prepared
from storage.store import SqlStore, open_store
from storage.trouble import away, reason


def raised(store: SqlStore, *statements: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught, store.transaction() as work:
        prepared.several(work.connection, [(text(each), {}) for each in statements])
    return caught.value


def said(error: Exception, capsys: pytest.CaptureFixture[str], level: str = "INFO") -> str:
    quiet_logs(level, reason=reason, away=away)
    capsys.readouterr()
    try:
        raise error
    except DBAPIError:
        structlog.get_logger("tests").exception("tick failed")
    quiet_logs("INFO", reason=reason, away=away)
    return capsys.readouterr().out


def test_a_database_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    gone = open_store("postgresql://grip:secret@127.0.0.1:1/grip")
    with pytest.raises(DBAPIError) as caught, gone.reading():
        pass
    line = said(caught.value, capsys)
    assert line.count("\n") == 1
    assert "Connection refused" in line
    assert "secret" not in line
    assert "Traceback" in said(caught.value, capsys, "DEBUG")
    record = logging.LogRecord("apscheduler", logging.ERROR, "", 0, "raised", (), (DBAPIError, caught.value, None))
    (handler, *_) = logging.getLogger().handlers
    assert "Traceback" not in handler.format(record)


def test_a_fault_of_ours_is_told_whole_and_quotes_nothing(store: SqlStore, capsys: pytest.CaptureFixture[str]) -> None:
    error = raised(store, "INSERT INTO services (id) VALUES ('Rosa')")
    assert not away(error)
    line = said(error, capsys)
    assert "Traceback" in line
    assert "reason" in line
    assert "NotNullViolation" in line or "SQLITE_CONSTRAINT_NOTNULL" in line
    assert "Rosa" not in line


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_lost_connection_and_a_statement_that_fails_among_several(
    store: SqlStore, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    lost = raised(store, "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")
    assert away(lost)
    line = said(lost, capsys)
    assert "57P01" in line or "server closed the connection" in line
    assert line.count("\n") == 1
    # The driver warns where one fails while others are still being sent, beside raising it.
    caplog.clear()
    assert reason(raised(store, "SELECT CAST('Rosa' AS integer)", *["SELECT 1"] * 300)).startswith("22P02")
    assert [each.name for each in caplog.records if each.name.startswith("psycopg")] == []


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_host_that_vanished_is_given_up_and_the_address_may_say_when(url: str) -> None:
    for more, patience in (("", "5"), ("?connect_timeout=9", "9")):
        store = open_store(url + more)
        with store.reading() as work:
            driver = work.connection.connection.dbapi_connection
            with socket.socket(fileno=os.dup(driver.fileno())) as line:  # type: ignore[union-attr]  # psycopg has it
                assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                asked = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
                assert [line.getsockopt(socket.IPPROTO_TCP, each) for each in asked] == [10, 3, 3, 10_000]
            assert driver.info.get_parameters()["connect_timeout"] == patience  # type: ignore[union-attr]  # as above
        store.close()
