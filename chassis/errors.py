"""The named errors a service may answer with. Everything else is a fault and never shows its inside."""

from __future__ import annotations

import re
from typing import Any, ClassVar


class ServiceError(Exception):
    """Base of all answers that say no. `message` is for people, `details` for programs."""

    status = 500
    named: ClassVar[dict[str, type[ServiceError]]] = {}
    """Each kind by its path: an answer of a peer that names one is raised as that."""

    def __init_subclass__(cls) -> None:
        ServiceError.named[cls.path()] = cls

    @classmethod
    def path(cls) -> str:
        return f"{cls.__module__}.{cls.__name__}"

    def __init__(self, message: str = "", details: dict[str, Any] | None = None, **more: Any) -> None:
        self.message = message
        self.details = {**(details or {}), **more}
        super().__init__(message, self.details)  # these travel over RPC and rebuild the same error

    def __str__(self) -> str:
        return self.message

    @property
    def code(self) -> str:
        """The error's name in snake case, as it stands in HTTP problems and logs."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


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


class Unauthenticated(ServiceError):
    """No identity, or one that is forged or expired."""

    status = 401


class Forbidden(ServiceError):
    """Known, but not allowed to do this here."""

    status = 403


class NotFound(ServiceError):
    """Nothing of that kind and id, or not for the eyes of the one who asks."""

    status = 404


class Conflict(ServiceError):
    """The present state, version or an earlier request stands against it; `details` say which."""

    status = 409


class VersionMismatch(Conflict):
    """The caller looked at an older version than the one stored (HTTP: If-Match failed)."""

    status = 412


class DeadlineExceeded(ServiceError):
    """The answer did not come, or could not be begun, within the caller's deadline."""

    status = 504


class Unavailable(ServiceError):
    """The service or its store does not answer now; the same request may be sent again."""

    status = 503


class Fault(ServiceError):
    """Something broke inside; `details["incident"]` finds it in the logs."""

    status = 500


class Reject(Exception):
    """Raised by a handler for a message that no retry can mend: it is parked at once."""
