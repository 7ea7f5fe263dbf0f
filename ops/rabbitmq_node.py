"""The files and the environment that keep a RabbitMQ node inside its world's directory."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from ops.ports import LOOPBACK
from ops.problems import Problem
from ops.secret import password, write_private
from ops.world import World

# the distribution's wrapper on PATH changes to the system's user and home: the real program comes first
REAL_PROGRAMS = (Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), Path("/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server"))
CONFIGURATION = """\
listeners.tcp.default = {host}:{port}
management.tcp.ip = {host}
management.tcp.port = {api}
management.rates_mode = none
collect_statistics_interval = 1000
default_vhost = shaodao
default_user = ops
default_pass = {password}
default_user_tags.administrator = true
{mqtt_listener}
{mqtt_rules}
log.file = false
log.console = true
log.console.level = info
raft.wal_max_size_bytes = 67108864
"""
# devices speak MQTT: what they publish to `pager/HE…` comes to exchange `pagers` under the key `pager.HE…`
PLAIN_MQTT = "mqtt.listeners.tcp.default = {address}"
MQTT_BY_TLS_ALONE = "mqtt.listeners.tcp = none\n"
MQTT_BY_TLS = """\
mqtt.listeners.ssl.default = {address}
ssl_options.certfile = {certificate}
ssl_options.keyfile = {key}
ssl_options.cacertfile = {certificate}
ssl_options.verify = verify_none
ssl_options.versions.1 = tlsv1.3
ssl_options.versions.2 = tlsv1.2"""
CERTIFICATE, KEY = "MQTT_TLS_CERTIFICATE", "MQTT_TLS_KEY"
"""Environment: PEM files of the listener for pagers, the certificate with its chain. With them it speaks TLS alone."""
MQTT_RULES = "mqtt.vhost = shaodao\nmqtt.exchange = pagers\n"
PLUGINS = "[rabbitmq_management,rabbitmq_mqtt].\n"
# quorum queues tell their depth every second (default five), so that `status` and waiting tests see the present
ADVANCED = "[{rabbit, [{quorum_tick_interval, 1000}]}].\n"


def write_configuration(world: World) -> None:
    """Writes ports, the first login, plugins and the cookie; an existing cookie stays."""
    folder = home(world)
    for part in (folder, folder / "data"):
        part.mkdir(mode=0o700, exist_ok=True)
    text = CONFIGURATION.format(
        host=LOOPBACK,
        port=world.port("rabbitmq"),
        api=world.port("rabbitmq_api"),
        mqtt_listener=mqtt_listener(f"{LOOPBACK}:{world.port('mqtt')}"),
        mqtt_rules=MQTT_RULES,
        password=world.settings["amqp"]["ops"],
    )
    write_private(folder / "rabbitmq.conf", text)
    (folder / "advanced.config").write_text(ADVANCED)
    (folder / "enabled_plugins").write_text(PLUGINS)
    cookie = folder / ".erlang.cookie"
    if not cookie.exists():
        write_private(cookie, password())
        cookie.chmod(0o400)


def mqtt_listener(address: str) -> str:
    """Where pagers connect. Errors: Problem where one of the two files is not named, or not there."""
    certificate, key = os.environ.get(CERTIFICATE, ""), os.environ.get(KEY, "")
    if not certificate and not key:
        return PLAIN_MQTT.format(address=address)
    for name, path in ((CERTIFICATE, certificate), (KEY, key)):
        if not Path(path).is_file() or not path:
            raise Problem(f"{name} should name a PEM file; both {CERTIFICATE} and {KEY} are needed")
    files = {"certificate": Path(certificate).resolve(), "key": Path(key).resolve()}
    return MQTT_BY_TLS_ALONE + MQTT_BY_TLS.format(address=address, **files)


def speaks_tls(world: World) -> bool:
    """Whether pagers connect to this world's own node by TLS."""
    written = home(world) / "rabbitmq.conf"
    return written.exists() and "mqtt.listeners.ssl" in written.read_text(encoding="utf8")


def environment(world: World) -> dict[str, str]:
    """What keeps the node inside the world's directory and on the loopback address."""
    folder = home(world)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "RABBITMQ_NODENAME": node_name(world),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(world.logs),
        "ERL_CRASH_DUMP": str(world.logs / "erl_crash.dump"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_LOG": "-color",
        "RABBITMQ_DIST_PORT": str(world.port("rabbitmq_distribution")),
        "ERL_EPMD_PORT": str(world.port("epmd")),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        # the script then becomes the Erlang machine instead of standing before it: its pid is the node's
        "RUNNING_UNDER_SYSTEMD": "true",
    }


def node_name(world: World) -> str:
    """One name a world: two checkouts may both have a world `local`."""
    digest = hashlib.sha256(str(world.folder.resolve()).encode()).hexdigest()[:8]
    return f"shaodao-{world.name}-{digest}@localhost"


def find_program() -> Path | None:
    for program in REAL_PROGRAMS:
        if program.exists():
            return program
    found = shutil.which("rabbitmq-server")
    return Path(found) if found else None


def home(world: World) -> Path:
    return world.folder / "rabbitmq"
