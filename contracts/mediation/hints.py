"""What the knowledge base offers where a question comes in or a case is looked at."""

from contracts.fields import Day, Many, Text
from contracts.schema import Shape
from contracts.tokens import case_no

QUESTION, ANSWER, BASIS = "问题", "答复", "法律依据"


class KnowledgeHint(Shape):
    """An entry in force, with the words it has in common with what was asked."""

    number = case_no(label="编号")
    question = Text(300, label=QUESTION)
    answer = Text(2000, label=ANSWER)
    legal_basis = Text(500, label=BASIS)
    expires_on = Day(label="有效到")
    reasons = Many(Text(300), label="都说到")
