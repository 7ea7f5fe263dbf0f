"""A world of several nodes on one machine: three of the broker, three databases under Patroni, three of etcd."""
