"""The HTTP API: a table of routes, each of which is one question or order to one service."""
