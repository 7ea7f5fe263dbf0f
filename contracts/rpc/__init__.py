"""Every question and order of the published language, one module a service. RPC method = class name in snake case."""
