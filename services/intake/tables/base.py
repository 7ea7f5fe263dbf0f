"""The metadata of intake's store."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, Numeric, Text, Uuid, event
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase

from chassis.store import Moment, add_chassis_tables
from kernel.attachments import Attachments, Files


class Base(DeclarativeBase):
    """Tables of intake."""

    type_annotation_map = {
        str: Text,
        UUID: Uuid,
        datetime: Moment,
        Decimal: Numeric(12, 2),
        list[str]: ARRAY(Text),
        Attachments: Files,
        dict[str, Any]: JSONB,
    }


add_chassis_tables(Base.metadata)

GUARD = (
    """
CREATE OR REPLACE FUNCTION {table}_first_responder_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the first responder of an {table} never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE TRIGGER {table}_first_responder_stays BEFORE UPDATE ON {table} FOR EACH ROW
  WHEN (NEW.first_responder_id IS DISTINCT FROM OLD.first_responder_id
        OR NEW.first_responder_name IS DISTINCT FROM OLD.first_responder_name)
  EXECUTE FUNCTION {table}_first_responder_stays()
""",
)
"""Statements that make the store keep invariant 1 (domain §3.6); the migration that creates a table executes them."""


def keep_first_responder(model: type[Base]) -> None:
    """Whoever first answered for a row of this table does so to its end, whatever a program says."""
    for statement in GUARD:
        guard = DDL(statement.format(table=model.__tablename__))  # type: ignore[no-untyped-call]
        event.listen(model.__table__, "after_create", guard)
