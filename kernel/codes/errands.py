"""Codes of errands 代办 (domain §3.3, §3.4)."""

from kernel.codes.base import Code


class ErrandState(Code):
    REQUESTED = "REQUESTED", "待受理"
    ESCALATED = "ESCALATED", "已报上级"
    ACCEPTED = "ACCEPTED", "已受理"
    SUPPLEMENT_ASKED = "SUPPLEMENT_ASKED", "待补材料"
    MATERIALS_COMPLETE = "MATERIALS_COMPLETE", "材料齐全"
    SUBMITTED = "SUBMITTED", "已报送"
    DECIDED = "DECIDED", "已有结果"
    DELIVERED = "DELIVERED", "已送达"
    CLOSED = "CLOSED", "已办结"
    FAILED = "FAILED", "没办成"


class ErrandMatter(Code):
    """What staff do for people (domain §1.1 row 19, §1.2 row 13, §1.3 row 14)."""

    SOCIAL_CARD = "SOCIAL_CARD", "社保卡补换"
    PENSION_CHECK = "PENSION_CHECK", "养老待遇资格认证"
    RESIDENT_INSURANCE = "RESIDENT_INSURANCE", "居民医保"
    ELDER_CARD = "ELDER_CARD", "老年证年审"
    TEMPORARY_AID = "TEMPORARY_AID", "临时救助申报"
    DISABILITY_CARD = "DISABILITY_CARD", "残疾人证"
    PAYMENT = "PAYMENT", "个别缴费"
    OTHER = "OTHER", "其他事项"


class Authority(Code):
    """Whose the matter is."""

    LOCAL = "LOCAL", "本地"
    OUTSIDE = "OUTSIDE", "外地"


class Material(Code):
    """The papers of a checklist."""

    ID_CARD = "ID_CARD", "身份证"
    HOUSEHOLD_BOOK = "HOUSEHOLD_BOOK", "户口簿"
    PHOTO = "PHOTO", "证件照片"
    FORM = "FORM", "申请表"
    OLD_CARD = "OLD_CARD", "原卡或原证"
    RETIREMENT_PROOF = "RETIREMENT_PROOF", "退休证明"
    DISABILITY_CARD = "DISABILITY_CARD", "残疾人证"
    MEDICAL_RECORD = "MEDICAL_RECORD", "病历或诊断证明"
    INCOME_PROOF = "INCOME_PROOF", "收入证明"
    AUTHORISATION = "AUTHORISATION", "委托书"
    OTHER = "OTHER", "其他材料"


class MaterialForm(Code):
    ORIGINAL = "ORIGINAL", "原件"
    COPY = "COPY", "复印件"


class SubmitWay(Code):
    """How a request reached the body that decides."""

    WITH_CITIZEN = "WITH_CITIZEN", "陪本人在手机上申请"
    SYSTEM = "SYSTEM", "业务系统"
    IN_PERSON = "IN_PERSON", "当面报送"
    MAIL = "MAIL", "邮寄"


class DeliveryWay(Code):
    """How the result reaches the applicant."""

    MAIL = "MAIL", "邮寄到家"
    DOOR = "DOOR", "送上门"
    PICK_UP = "PICK_UP", "到窗口领取"
    NOTHING = "NOTHING", "无需送达"


class HomeResult(Code):
    """What a visit at home certified."""

    CERTIFIED = "CERTIFIED", "认证通过"
    NOT_CERTIFIED = "NOT_CERTIFIED", "认证未通过"
    PAPERS = "PAPERS", "已收取材料"
    NOBODY = "NOBODY", "家中无人"


class ErrandFailure(Code):
    """Why an errand came to nothing. Who gives it up has not been failed."""

    NOT_ELIGIBLE = "NOT_ELIGIBLE", "不符合条件"
    MATERIALS_LACKING = "MATERIALS_LACKING", "材料补不齐"
    REFUSED = "REFUSED", "主管单位不予办理"
    NO_ANSWER = "NO_ANSWER", "主管单位没有答复"
    NOT_HERE = "NOT_HERE", "本地办不了"
    GIVEN_UP = "GIVEN_UP", "本人不办了"
