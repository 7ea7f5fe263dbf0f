"""The named errors a service may answer with. Everything else is a fault and never shows its inside."""

from __future__ import annotations

import re
from typing import Any

from nameko.exceptions import deserialize_to_instance


class ServiceError(Exception):
    """Base of all answers that say no. `message` is for people, `details` for programs."""

    status = 500

    def __init__(self, message: str = "", details: dict[str, Any] | None = None, **more: Any) -> None:
        self.message = message
        self.details = {**(details or {}), **more}
        super().__init__(message, self.details)  # args travel over RPC and rebuild the same error

    def __str__(self) -> str:
        return self.message

    @property
    def code(self) -> str:
        """The error's name in snake case, as it stands in HTTP problems and logs."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


@deserialize_to_instance
class Invalid(ServiceError):
    """What came in breaks its schema or a rule; `details["fields"]` maps field to messages."""

    status = 422

    @classmethod
    def because(cls, fields: dict[str, Any], message: str = "请求内容有误") -> Invalid:
        return cls(message, fields=fields)

    @classmethod
    def where(cls, **wrong: Any) -> None:
        """`field=condition and "what is wrong"`. Errors: Invalid where any says something."""
        if told := {name: [why] for name, why in wrong.items() if why}:
            raise cls.because(told)


@deserialize_to_instance
class Unauthenticated(ServiceError):
    """No identity, or one that is forged or expired."""

    status = 401


@deserialize_to_instance
class Forbidden(ServiceError):
    """Known, but not allowed to do this here."""

    status = 403


@deserialize_to_instance
class NotFound(ServiceError):
    """Nothing of that kind and id, or not for the eyes of the one who asks."""

    status = 404


@deserialize_to_instance
class Conflict(ServiceError):
    """The present state, version or an earlier request stands against it; `details` say which."""

    status = 409


@deserialize_to_instance
class VersionMismatch(Conflict):
    """The caller looked at an older version than the one stored (HTTP: If-Match failed)."""

    status = 412


@deserialize_to_instance
class DeadlineExceeded(ServiceError):
    """The answer did not come, or could not be begun, within the caller's deadline."""

    status = 504


@deserialize_to_instance
class Unavailable(ServiceError):
    """The service or its store does not answer now; the same request may be sent again."""

    status = 503


@deserialize_to_instance
class Fault(ServiceError):
    """Something broke inside; `details["incident"]` finds it in the logs."""

    status = 500


class Reject(Exception):
    """Raised by a handler for a message that no retry can mend: it is parked at once."""
