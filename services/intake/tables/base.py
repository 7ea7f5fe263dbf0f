"""The metadata of intake's store."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, Text, Uuid
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
