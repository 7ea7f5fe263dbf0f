"""The portal's Flask application: API, documentation, pages, errors. One a process."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis.settings import read
from services.portal import bodies, problems
from services.portal.accounts.current import EXTENSION as SESSIONS
from services.portal.accounts.sessions import Sessions
from services.portal.api import (
    around,
    devices,
    docs,
    extras,
    openapi,
    programs,
    rendering,
    saving,
    session,
    timeline,
    unit_files,
)
from services.portal.open311 import routes as open311
from services.portal.orders import holdings
from services.portal.orders import routes as orders
from services.portal.pages import blueprint as pages

LARGEST_BODY = 1024 * 1024


def create_app() -> Flask:
    """An application that finds its process and peers in the WSGI environment of each request."""
    app = Flask("services.portal", static_folder=None)
    app.request_class = bodies.Request
    app.url_map.merge_slashes = False  # else `//` is redirected to an address made of the Host header
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[SESSIONS] = Sessions()
    problems.register(app)
    around.register(app)
    own = (extras, timeline, saving, unit_files, devices, programs)
    openapi.register(app, session.blueprint, rendering.blueprint(), *(each.blueprint for each in own))
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(pages)
    app.register_blueprint(orders.blueprint)
    app.register_blueprint(holdings.blueprint)
    app.register_blueprint(open311.blueprint)
    behind_proxies(app, int(read("TRUSTED_PROXIES", "0")))
    return app


def behind_proxies(app: Flask, count: int) -> None:
    """Believes X-Forwarded-* of that many proxies; without any, what a client says about its address is ignored."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
