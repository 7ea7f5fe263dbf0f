"""Three RabbitMQ nodes by their cluster operator, and the job that applies topology, logins and policies to them."""

from __future__ import annotations

from deploy.kubernetes.parts import (
    OURS,
    PROGRAM,
    SECRETS,
    Thing,
    budget,
    job,
    mounted,
    of_namespace,
    pods,
    policy,
    ports,
    selected,
    thing,
)
from ops.cluster.broker import ADVANCED

NAME = "shaodao-rabbitmq"
NODES = {"app.kubernetes.io/name": NAME}
CONFIGURATION = """\
default_vhost = shaodao
mqtt.vhost = shaodao
mqtt.exchange = pagers
vm_memory_high_watermark.relative = 0.6
disk_free_limit.absolute = 2GB
cluster_partition_handling = pause_minority
net_ticktime = 8
queue_leader_locator = balanced
load_definitions = /etc/shaodao/definitions.json
"""
FILE = {"key": "definitions.json", "path": "definitions.json"}
"""Definitions are loaded when a node first starts: with them the login `ops` comes, which the job uses later."""


def things() -> list[Thing]:
    return [cluster(), budget(NAME, selected(**NODES)), topology(), reached_by(), of_scaling()]


def cluster() -> Thing:
    """With `tls` the operator opens MQTT by TLS on 8883, which is all that pagers may reach."""
    # the operator merges this into its own pod by name
    pod = {
        "containers": [
            {
                "name": "rabbitmq",
                "volumeMounts": [{"name": "definitions", "mountPath": "/etc/shaodao", "readOnly": True}],
            }
        ],
        "volumes": [{"name": "definitions", "secret": {"secretName": "shaodao-broker", "items": [FILE]}}],
    }
    memory = {"memory": "2Gi"}
    spec = {
        "replicas": 3,
        "tls": {"secretName": "shaodao-pagers-tls"},
        "persistence": {"storage": "20Gi"},
        "resources": {"requests": {"cpu": "500m", **memory}, "limits": memory},
        "rabbitmq": {
            "additionalPlugins": ["rabbitmq_management", "rabbitmq_prometheus", "rabbitmq_mqtt"],
            "additionalConfig": CONFIGURATION,
            "advancedConfig": ADVANCED,
        },
        "override": {"statefulSet": {"spec": {"template": {"spec": pod}}}},
    }
    return thing("rabbitmq.com/v1beta1", "RabbitmqCluster", NAME, spec)


def topology() -> Thing:
    """What a release adds to exchanges, queues, logins and policies; what is there stays."""
    env = [{"name": "FOLDER", "value": SECRETS}]
    source = mounted("shaodao-broker", ["definitions.json", "management_uri"])
    return job("topology", "topology", "shaodao/ops:local", ["deploy.kubernetes.topology"], sources=[source], env=env)


def reached_by() -> Thing:
    """Programs by AMQP, pagers by TLS from anywhere, KEDA and the job by HTTP, the nodes by each other."""
    return policy(
        NAME,
        selected(**NODES),
        ingress=[
            {"from": [pods(**NODES)]},
            {"from": [pods(**OURS)], "ports": ports(5672)},
            {"from": [pods(**{PROGRAM: "topology"}), of_namespace("keda")], "ports": ports(15672)},
            {"ports": ports(8883, 15692)},
        ],
    )


def of_scaling() -> Thing:
    """How KEDA asks for the depth of a queue."""
    host = {"parameter": "host", "name": "shaodao-broker", "key": "management_uri"}
    return thing("keda.sh/v1alpha1", "TriggerAuthentication", "shaodao-broker", {"secretTargetRef": [host]})
