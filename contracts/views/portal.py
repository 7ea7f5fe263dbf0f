"""What the portal answers services."""

from contracts.fields import Text, fingerprint, some
from contracts.schema import AnswerSchema, Shape


class KeptFile(Shape):
    """`kept_as`: its fingerprint in the store, another where something was taken out of it; null where it is not there,
    then `problem` says why."""

    sha256 = fingerprint()
    kept_as = fingerprint(optional=True)
    problem = Text(200, optional=True)


class KeptFiles(AnswerSchema):
    """In the order asked."""

    files = some(KeptFile)
