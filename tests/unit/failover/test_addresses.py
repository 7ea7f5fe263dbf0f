"""Settings that name several servers mean the same to every library that reads them."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, make_url

from failover.addresses import BadAddress, host_and_port, of_brokers, of_database

ONE = "postgresql+psycopg://intake:pw@db:5433/intake"
THREE = {"host": "a,b,c", "port": "1,2,5432", "target_session_attrs": "read-write"}


@pytest.mark.parametrize("between", [";", " ", "\n", " ; ", ","])
def test_given_addresses_of_a_broker_when_split_then_each_is_a_node_whatever_stands_between(between):
    uris = ("amqp://a:p@h1:5672/v", "amqps://a:p@h2/v")
    assert uris == of_brokers(between.join(uris))


@pytest.mark.parametrize("setting", ["amqp://a:p@h1:5672,h2:5672/v", "amqp://a:p@h1/v;h2"])
def test_given_hosts_that_libraries_read_differently_when_split_then_it_is_an_error(setting):
    with pytest.raises(BadAddress):
        of_brokers(setting)


def test_given_one_database_when_read_then_its_address_stays():
    assert [ONE, "postgresql:///x?host=/tmp/socket"] == [
        of_database(each) for each in (ONE, "postgresql:///x?host=/tmp/socket")
    ]


@pytest.mark.parametrize(
    "setting",
    [
        "postgresql+psycopg://u:p@a:1,b:2,c/d?sslmode=disable",
        "postgresql+psycopg://u:p@a:1/d?sslmode=disable;postgresql+psycopg://u:p@b:2/d;postgresql+psycopg://u:p@c/d",
        "postgresql+psycopg://u:p@/d?host=a,b,c&port=1,2,5432&sslmode=disable",
    ],
)
def test_given_several_databases_when_read_then_sqlalchemy_and_libpq_ask_the_same_hosts_for_the_writable_one(setting):
    address = of_database(setting)
    _, told = create_engine(address).dialect.create_connect_args(make_url(address))
    plain = conninfo_to_dict(address.replace("+psycopg", ""))
    expected = {**THREE, "user": "u", "password": "p", "dbname": "d", "sslmode": "disable"}
    assert (expected, expected) == ({key: str(value) for key, value in told.items() if key in expected}, plain)
    assert address == of_database(address)


def test_given_an_address_when_shown_then_its_login_is_not():
    assert "h:5672" == host_and_port("amqp://user:secret@h:5672/v")
