"""How people reach the portal, and what programs may reach: nothing that is not said here."""

from __future__ import annotations

from deploy.kubernetes.broker import NODES
from deploy.kubernetes.parts import (
    OURS,
    PROGRAM,
    SERVICE,
    Thing,
    of_namespace,
    only,
    pods,
    policy,
    ports,
    selected,
    thing,
)
from ops.programs import DELIVERY
from ops.world import SERVICES

HOST = "shaodao.example.org"
STREAMS = {
    "nginx.ingress.kubernetes.io/proxy-buffering": "off",
    "nginx.ingress.kubernetes.io/proxy-read-timeout": "120",
}
"""Live timelines are streams."""


def things() -> list[Thing]:
    return [service(), ingress(), *policies()]


def service() -> Thing:
    spec = {"selector": {PROGRAM: "portal"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]}
    return thing("v1", "Service", "portal", spec)


def ingress() -> Thing:
    backend = {"service": {"name": "portal", "port": {"name": "http"}}}
    rule = {"host": HOST, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    spec = {
        "ingressClassName": "nginx",
        "tls": [{"hosts": [HOST], "secretName": "shaodao-tls"}],
        "rules": [rule],
    }
    return thing("networking.k8s.io/v1", "Ingress", "shaodao", spec, annotations=STREAMS)


def policies() -> list[Thing]:
    names = {**of_namespace("kube-system"), "podSelector": selected(**{"k8s-app": "kube-dns"})}
    by_name = {"to": [names], "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}
    broker = {"to": [pods(**NODES)], "ports": ports(5672)}
    return [
        # probes and scrapes
        policy("programs", selected(**OURS), ingress=[{"ports": ports(9000)}], egress=[by_name, broker]),
        policy("topology", only("topology"), egress=[{"to": [pods(**NODES)], "ports": ports(15672)}]),
        *(to_its_store(each) for each in SERVICES),
        policy(
            "portal-from-ingress",
            only("portal"),
            ingress=[{"from": [of_namespace("ingress-nginx")], "ports": ports(8080)}],
        ),
        policy("letters-out", only(DELIVERY), egress=[{"ports": ports(25, 443, 465, 587)}]),
    ]


def to_its_store(service: str) -> Thing:
    store = pods(**{"cnpg.io/cluster": f"shaodao-{service}"})
    return policy(
        f"{service}-to-its-store", selected(**{SERVICE: service}), egress=[{"to": [store], "ports": ports(5432)}]
    )
