"""What both databases need to behave alike: moments, names without case, and write transactions."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import DateTime, Engine, event, func, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from app.extensions import db

log = logging.getLogger(__name__)
BUSY_TIMEOUT_SECONDS = 10

_is_writing: ContextVar[bool] = ContextVar("is_writing", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; a naive one is refused, because nobody can say when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def fold(text: str) -> str:
    """The form in which names are compared: without edge spaces and without case."""
    return text.strip().casefold()


@contextmanager
def transaction() -> Iterator[None]:
    """One write transaction: committed at the end, rolled back on an error; an inner one joins the outer.

    Reads made before it are ended first: on SQLite a transaction that began as a read cannot safely become a write.
    """
    if _is_writing.get():
        yield
        return
    session = db.session
    session.rollback()
    token = _is_writing.set(True)
    callbacks: list[Callable[[], None]] = []
    session.info["on_commit"] = callbacks
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _is_writing.reset(token)
        session.info.pop("on_commit", None)
    for callback in callbacks:
        _run_after_commit(callback)


def on_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the surrounding transaction stands; never, if it is rolled back."""
    db.session.info["on_commit"].append(callback)


def _run_after_commit(callback: Callable[[], None]) -> None:
    # The data stands already: what follows a commit may fail, but must neither undo it nor hide it.
    try:
        callback()
    except Exception:
        log.exception("after a commit: %r failed", callback)


def one_at_a_time(what: str) -> None:
    """Hold off every other transaction that asks for the same `what`, until this one ends; SQLite does so anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


@contextmanager
def sent_together() -> Iterator[None]:
    """For writes alone: PostgreSQL works on one while the next is made. A failure of any shows by the end."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    driver: Any = db.session.connection().connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        raise DatabaseError(None, None, error) from error


def configure_engine(engine: Engine) -> None:
    """Open transactions ourselves: for writes, and on SQLite for reads too, where the write lock is taken at once."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _configure_postgresql)
        event.listen(engine, "begin", _begin_postgresql)


def _configure_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event below opens transactions, not the driver
    # SQLite's own knows no letters beyond ASCII, so that a search for "É" would not find "é".
    connection.create_function("lower", 1, lambda text: text and str(text).lower(), deterministic=True)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writing.get() else "BEGIN")


def _configure_postgresql(connection: psycopg.Connection[Any], _entry: ConnectionPoolEntry) -> None:
    connection.autocommit = True


def _begin_postgresql(connection: Connection) -> None:
    # Each read sees what was last committed, in a transaction or not: without one it takes two trips less.
    if _is_writing.get():
        connection.exec_driver_sql("BEGIN")


def upsert(table: Any) -> Any:
    """The dialect's INSERT that knows ON CONFLICT."""
    from sqlalchemy.dialects import postgresql, sqlite

    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(table)
