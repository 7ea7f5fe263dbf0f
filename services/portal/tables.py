"""All tables of the portal in one metadata: importing this module makes `Base.metadata` whole."""

from __future__ import annotations

from services.portal.accounts import tables as accounts
from services.portal.base import Base
from services.portal.readmodel import tables as readmodel
from services.portal.saved import tables as saved
from services.portal.uploads import tables as uploads

__all__ = ["Base", "accounts", "readmodel", "saved", "uploads"]
