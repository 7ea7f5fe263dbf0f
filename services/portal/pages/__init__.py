"""The portal's pages for people: plain HTML that works without scripts, small and large, by keyboard and on paper."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
