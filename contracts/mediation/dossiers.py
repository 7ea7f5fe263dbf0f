"""The dossier 卷宗: everything of a case in the customary order, bound as one PDF with its list of contents."""

from contracts import samples
from contracts.fields import Code, Id
from contracts.mediation.base import MEDIATORS
from contracts.schema import CommandSchema
from contracts.shapes import DocumentView
from kernel.codes.base import Code as Codes

TAG = "调解"


class DossierPart(Codes):
    """What a party may ask to read, and what one side said alone, which stays with the mediators."""

    OPEN = "OPEN", "正卷"
    INNER = "INNER", "副卷"


class GetDossier(CommandSchema):
    """The open part holds nothing of talks with one side alone. It names the parties: each print is audited."""

    keeps_answer = False
    service = "mediation"
    title = "打印卷宗"
    route = "GET /mediations/<case_id>/dossier/<part>.pdf"
    file = True
    by = MEDIATORS
    hint = "正卷按归档顺序装订，有卷内目录和页码；单方沟通的记录只在副卷里。"
    answer = DocumentView
    case_id = Id()
    part = Code(DossierPart)
    example = {"case_id": samples.CASE, "part": "OPEN"}
