"""The roles of a city's PostgreSQL: ingesters make and fill tables, consoles read, nobody else is let in."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.fakes.box import eventually
from tests.fakes.centre_process import CentreProcess
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.pages import ROOT
from tests.fakes.postgres import Postgres, program
from tests.fakes.raw_sender import send
from tests.fakes.sayings import event_id, saying

pytestmark = pytest.mark.process

SQL = ROOT / "deploy/city/postgresql.sql"


def run(postgres: Postgres, name: str, *arguments: str) -> None:
    where = ("-h", "127.0.0.1", "-p", str(postgres.port), "-U", "postgres")
    subprocess.run([program(name), *where, *arguments], check=True)


@pytest.fixture
def city() -> Iterator[Postgres]:
    with Postgres() as postgres:
        run(postgres, "createdb", "safecity")
        for _ in range(2):
            run(postgres, "psql", "-d", "safecity", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(SQL))
        yield postgres


def url(postgres: Postgres, role: str) -> str:
    return f"postgresql+pg8000://{role}@127.0.0.1:{postgres.port}/safecity"


def rows(postgres: Postgres, role: str, query: str) -> list[object]:
    with create_engine(url(postgres, role)).connect() as db:
        return list(db.execute(text(query)).all())


def test_a_box_may_the_same_at_emqx_as_at_mosquitto() -> None:
    access = (
        (ROOT / "deploy/mosquitto/access").read_text().partition("\nuser box-17\n")[2].partition("\n\n")[0]
    )
    rules = (ROOT / "deploy/city/emqx-acl.conf").read_text()
    for verb, emqx in (("write", "publish"), ("read", "subscribe")):
        wanted = set(re.findall(rf"(?m)^topic {verb} safecity/v1/north/box-17/(\S+)", access))
        (listed,) = re.findall(rf"(?s)allow, all, {emqx}, \[(.*?)\]", rules)
        allowed = set(re.findall(r'"safecity/v1/\+/\$\{username\}/([^"]+)"', listed))
        assert {each.replace("/+/+", "/#") for each in wanted} == allowed


def test_ingesters_write_consoles_read_and_nobody_else_does(city: Postgres, tmp_path: Path) -> None:
    more = f"database: {{url: '{url(city, 'safecity_ingest')}'}}"
    with Mosquitto(tmp_path / "broker") as broker, CentreProcess(tmp_path, broker.url, more=more):
        said = [saying(event_id(9, n)) for n in range(10)]
        send(broker.port, [(each.topic, each.stamped("boot-1", n)) for n, each in enumerate(said)])
        stored = "SELECT event_id FROM messages"
        eventually(lambda: len(rows(city, "safecity_ingest", stored)) == 10, "events stored")
    assert len(rows(city, "safecity_read", stored)) == 10
    with pytest.raises(DBAPIError):
        rows(city, "safecity_read", "DELETE FROM messages")
    with pytest.raises(DBAPIError):
        rows(city, "safecity_read", "SET default_transaction_read_only = off; DELETE FROM safecity.messages")
    run(city, "createuser", "stranger")
    with pytest.raises(DBAPIError):
        rows(city, "stranger", "SELECT * FROM safecity.messages")
