"""Base classes of everything that crosses a border between services.

Commands come from people, so unknown fields and codes are refused, with Chinese messages. Events and answers come from
peers, so unknown fields are ignored and unknown codes kept as they are: a newer peer may say more than we know.
"""

import re
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields

from contracts.fields import Count
from contracts.matters import Matter
from contracts.peers import from_peer
from kernel.codes import Hat
from kernel.rights import Right

Example = dict[str, Any]


def snake(named: type) -> str:
    """The name of a class on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", named.__name__).lower()


class Shape(Schema):
    """A nested part. As part of a command it refuses unknown fields, elsewhere it ignores them."""

    about: Matter | None = None
    """Which aggregate it shows; None for what shows none."""

    class Meta:
        unknown = EXCLUDE

    error_messages = {"unknown": "没有这个字段", "type": "格式不对，应为一组字段"}

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A field's value; of what is given by name the name alone, for half the time that a fact takes to write."""
        return obj.get(attr, default) if type(obj) is dict else super().get_attribute(obj, attr, default)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Hand the own strictness on to nested parts, alone or in lists, and to the parts of these."""
        part = field_obj.inner if isinstance(field_obj, fields.List) else field_obj
        if isinstance(part, fields.Nested):
            part.unknown = self.unknown
            if self.unknown == RAISE and isinstance(shape := part.schema, Shape):
                shape.unknown = RAISE
                for name, inner in shape.fields.items():
                    shape.on_bind_field(name, inner)


class StrictShape(Shape):
    """A part that only occurs in commands."""

    class Meta:
        unknown = RAISE


class AnswerSchema(Shape):
    """What a service answers. Made for authorised staff; personal fields are masked in it."""


class EventSchema(Shape):
    """A fact. `source` says it, `name` is its routing key: the class's own, in snake case.

    New optional fields and new values of a code are free; every other change is a new `version`, published beside the
    old one.
    """

    said_by_peers: bool = True
    """False for what outsiders send: they are told what they got wrong."""

    source: str
    name: str
    version: int = 1
    title: str
    """Two to six characters for the head of an entry of the timeline."""
    for_staff: str
    """One sentence. `{field}` is the field in Chinese; a part in `[ ]` is left out where a field in it is empty."""
    for_resident: str | None
    """One sentence in plain words, or None: not for residents."""
    example: Example
    type: str
    exchange: str

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if vars(cls).keys() & {"title", "example"}:
            cls.name = vars(cls).get("name", snake(cls))
            cls.type = f"cn.shaodao.{cls.source}.{cls.name}.v{cls.version}"
            if not hasattr(cls, "exchange"):
                cls.exchange = f"{cls.source}.events"

    def load(self, *args: Any, **kwargs: Any) -> Any:
        """As marshmallow's. Errors: ValidationError."""
        if not self.said_by_peers:
            return super().load(*args, **kwargs)
        with from_peer():
            return super().load(*args, **kwargs)


class CommandSchema(StrictShape):
    """A question or an order to one service. The RPC method is the class name in snake case."""

    service: str
    method: str
    answer: type[AnswerSchema]
    versioned: bool = False
    keeps_answer: bool = True
    """A repeated request with the same key is told the first answer; else it is judged anew each time."""
    title: str
    route: str = ""
    """`POST /things/<number>/verb` below /api; names in `<>` are fields of the command. Empty: for services alone."""
    by: Right
    """Who may; services check it, documents print it. Every command with a route has one."""
    hint: str = ""
    """What people should know before they do it."""
    main: bool = False
    """Its form stands out: what is usually done next."""
    location: str | None = None
    """Where what was made is found: a template over the answer."""
    public: bool = False
    """Needs no login."""
    hat: Hat | None = None
    """Under which of the six hats 六员 a steward begins it."""
    outdoors: bool = False
    """Its form may be filled in without a network and sent later: it adds something and overwrites nothing."""
    together: bool = False
    """Several may be given at once from a list, each for itself: it takes nothing to fill in and decides nothing."""
    looks_up: str = ""
    """The letter of the numbers it answers for whoever knows the last digits of the telephone, without a login."""
    file: bool = False
    """Answers with bytes."""
    page: str = ""
    """The address of a page of its own, drawn from the labels of what is listed."""
    renews_after: int = 0
    """Seconds after which that page is drawn anew by itself, without JavaScript; 0: never."""
    rings: str = ""
    """The state whose rows ring on that page until somebody takes them."""
    example: Example

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.method = snake(cls)


class VersionedCommand(CommandSchema):
    """Changes an aggregate; refused with `Conflict` where `expected_version` is given and no longer true."""

    versioned = True
    expected_version = Count(optional=True)
