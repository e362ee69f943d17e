"""What `doctor` asks of the database and of the bucket of evidence files, answered in words."""

from contextlib import closing
from dataclasses import replace

from obstore.exceptions import BaseError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.installed import Kept
from bot.doctor.machine import Database
from bot.errors import NewerSchema
from bot.plan.roster import unmanaged
from bot.plan.services import Service
from bot.settings import Settings
from storage.files import open_files
from storage.installations import Installations
from storage.migrations import newest, schema_version
from storage.queries import next_number
from storage.store import SqlStore, open_store


def look_at_database(url: str) -> tuple[Database, list[Service]]:
    """The database as it is, with a trial write that is undone, and the services in it."""
    address = make_url(url).render_as_string(hide_password=True)
    known = newest()
    found = Database(address, newest=known)
    try:
        with closing(open_store(url, connections=1)) as store:
            found = replace(found, version=schema_version(store))
            if found.version is None or found.version < known:
                return found, []
            with store.reading() as work:
                services = work.all(Service, order="name")
                lacking = [s for each in sorted({s.workspace_id for s in services}) for s in unmanaged(work, each)]
            names = tuple(service.name for service in lacking)
            return replace(found, read_only=_trial_write(store), unmanaged=names), services
    except NewerSchema as error:
        return replace(found, newer=str(error)), []
    except (SQLAlchemyError, OSError, ValueError) as error:
        return replace(found, unreachable=why(error)), []


def look_at_tokens(settings: Settings) -> list[Kept]:
    """The installations in a database that can be read, each with its token where one of TOKEN_KEYS opens it."""
    with closing(open_store(settings.database_url, connections=1)) as store:
        installed = Installations(store, settings.keys_of_tokens)
        found, members = installed.all(), installed.members()
    return [
        Kept(name, one.token if one else None, frozenset({name, *(m for m, whole in members.items() if whole == name)}))
        for name, one in found.items()
    ]


def _trial_write(store: SqlStore) -> str:
    """Write a number and take it back; why that could not be done, or nothing."""
    with store.engine.connect() as connection, connection.begin() as transaction:
        try:
            next_number(connection, "doctor", "?")
        except SQLAlchemyError as error:
            return why(error)
        finally:
            transaction.rollback()
    return ""


def look_at_bucket(address: str) -> str:
    """Why the bucket of evidence files cannot be used, or nothing."""
    try:
        open_files(address).exists("0" * 64)
    except (OSError, BaseError, ValueError) as error:
        return why(error)
    return ""


def why(error: BaseException) -> str:
    """The first line of what went wrong, from the database's own words where there are any."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
