"""Codes of mediation (domain §3.3 mediation, §4.5; 人民调解法)."""

from kernel.codes.base import Code


class DisputeType(Code):
    """What a dispute is about."""

    NEIGHBOUR = "NEIGHBOUR", "邻里纠纷"
    FAMILY = "FAMILY", "婚姻家庭"
    PROPERTY_DAMAGE = "PROPERTY_DAMAGE", "损害赔偿"
    PROPERTY_MANAGEMENT = "PROPERTY_MANAGEMENT", "物业纠纷"
    HOUSING = "HOUSING", "房屋宅基地"
    LABOUR = "LABOUR", "劳动争议"
    CONSUMER = "CONSUMER", "消费纠纷"
    DEBT = "DEBT", "借贷纠纷"
    TRAFFIC = "TRAFFIC", "交通事故"
    DOMESTIC_VIOLENCE = "DOMESTIC_VIOLENCE", "家庭暴力"
    OTHER = "OTHER", "其他"


class CaseOrigin(Code):
    """How a dispute came to mediation (人民调解法 art. 17): handed over, on application, or on own motion."""

    APPEAL = "APPEAL", "诉求转入"
    WALK_IN = "WALK_IN", "来访"
    FOUND = "FOUND", "主动调解"
    GRID = "GRID", "网格先行"


class IssueKind(Code):
    """What the parties dispute."""

    CAUSE = "CAUSE", "原因"
    PRICE = "PRICE", "价格"


class DisputeCause(Code):
    """What brought the loss or quarrel about."""

    NEIGHBOUR_ACT = "NEIGHBOUR_ACT", "邻居行为"
    FACILITY_FAULT = "FACILITY_FAULT", "设施故障"
    CONSTRUCTION = "CONSTRUCTION", "施工造成"
    MANAGEMENT = "MANAGEMENT", "管理不善"
    AGREEMENT_BREACH = "AGREEMENT_BREACH", "违反约定"
    UNKNOWN = "UNKNOWN", "原因待查"
    OTHER = "OTHER", "其他"


class RiskLevel(Code):
    """Risk of a dispute, worst first (policy decision, domain §3.3)."""

    RED = "RED", "红色"
    ORANGE = "ORANGE", "橙色"
    YELLOW = "YELLOW", "黄色"
    GREEN = "GREEN", "绿色"


class PartySide(Code):
    """Side of a party."""

    CLAIMANT = "CLAIMANT", "申请方"
    RESPONDENT = "RESPONDENT", "被申请方"


class Willing(Code):
    """Whether a party is willing to mediate; one clear NO ends it (人民调解法 art. 17)."""

    YES = "YES", "同意调解"
    NO = "NO", "拒绝调解"
    UNKNOWN = "UNKNOWN", "未表态"


class PartyKind(Code):
    """A person, or a body 单位 that its head or a representative speaks for."""

    PERSON = "PERSON", "个人"
    ORGANISATION = "ORGANISATION", "单位"


class PartyTie(Code):
    """Who stands so near to a party that they may not mediate its case (回避)."""

    REPRESENTATIVE = "REPRESENTATIVE", "代理人"
    RELATIVE = "RELATIVE", "近亲属"
    HEAD = "HEAD", "法定代表人"


class Power(Code):
    GENERAL = "GENERAL", "一般授权"
    SPECIAL = "SPECIAL", "特别授权"


class Granted(Code):
    """What needs special authority (民事诉讼法 art. 62)."""

    CONCEDE = "CONCEDE", "承认、变更、放弃请求"
    SETTLE = "SETTLE", "和解、达成调解协议"
    SIGN = "SIGN", "代签协议"
    RECEIVE = "RECEIVE", "代收款物"


class RepresentativeTie(Code):
    """Who may represent a party (民事诉讼法 art. 61)."""

    LAWYER = "LAWYER", "律师、基层法律服务工作者"
    RELATIVE = "RELATIVE", "近亲属"
    STAFF = "STAFF", "单位工作人员"
    RECOMMENDED = "RECOMMENDED", "社区或单位推荐的人"


class ChallengeGround(Code):
    RELATED = "RELATED", "是当事人的亲属或与其关系密切"
    INTEREST = "INTEREST", "与纠纷有利害关系"
    BIAS = "BIAS", "偏袒一方"
    MISCONDUCT = "MISCONDUCT", "索取、收受财物，侮辱当事人或泄露隐私"


class Ruling(Code):
    UPHELD = "UPHELD", "成立，回避"
    REJECTED = "REJECTED", "不成立"
    MOOT = "MOOT", "已换调解员，不再决定"


class ReplaceReason(Code):
    """Why another mediator takes the case (人民调解法 art. 19, 23)."""

    CHALLENGED = "CHALLENGED", "当事人申请回避"
    STOOD_ASIDE = "STOOD_ASIDE", "调解员自行回避"
    UNAVAILABLE = "UNAVAILABLE", "调解员不能继续履职"


class ProlongReason(Code):
    """Why the parties want more time than the limit of mediation gives."""

    NEEDS_EVIDENCE = "NEEDS_EVIDENCE", "还要查证或鉴定"
    NEEDS_EXPERT = "NEEDS_EXPERT", "要请专业力量参与"
    PARTY_AWAY = "PARTY_AWAY", "当事人一时不能到场"
    NEAR_ACCORD = "NEAR_ACCORD", "双方接近谈妥"
    OTHER = "OTHER", "其他"


class ProlongWord(Code):
    """What a party says to more time; only with everybody's the limit is moved on."""

    AGREES = "AGREES", "同意延期"
    REFUSES = "REFUSES", "不同意延期"


class HowChosen(Code):
    """How the mediator was chosen (人民调解法 art. 19)."""

    APPOINTED = "APPOINTED", "调委会指定"
    CHOSEN = "CHOSEN", "当事人选择"
    ON_DUTY = "ON_DUTY", "当日值班"


class SessionKind(Code):
    """Kind of a session."""

    JOINT = "JOINT", "面对面调解"
    SHUTTLE = "SHUTTLE", "背靠背沟通"
    ON_SITE = "ON_SITE", "现场调解"
    ONLINE = "ONLINE", "线上调解"


class SessionOutcome(Code):
    """Outcome of a session. Refusing money is NO_AGREEMENT; refusing mediation is recorded as willingness."""

    NO_AGREEMENT = "NO_AGREEMENT", "未达成一致"
    CONTINUE = "CONTINUE", "继续调解"
    PARTIAL = "PARTIAL", "部分达成"
    AGREED = "AGREED", "达成协议"
    ABANDONED = "ABANDONED", "中止放弃"


class SessionReason(Code):
    """Why a session ended without full agreement."""

    REFUSED_COMPENSATION = "REFUSED_COMPENSATION", "对方拒绝赔偿"
    AMOUNT_DISPUTED = "AMOUNT_DISPUTED", "金额分歧"
    FACTS_DISPUTED = "FACTS_DISPUTED", "事实分歧"
    PARTY_ABSENT = "PARTY_ABSENT", "当事人缺席"
    NEEDS_EXPERT = "NEEDS_EXPERT", "需专业力量参与"
    OTHER = "OTHER", "其他"


class AgreementForm(Code):
    """Form of an agreement (人民调解法 art. 28)."""

    WRITTEN = "WRITTEN", "书面协议"
    ORAL = "ORAL", "口头协议"


class Signer(Code):
    """Who signs a written agreement; all three are needed for effect (人民调解法 art. 29)."""

    PARTY = "PARTY", "当事人"
    MEDIATOR = "MEDIATOR", "调解员"
    SEAL = "SEAL", "调委会印章"


class SignManner(Code):
    """How it was signed; fingerprints count (人民调解法 art. 29)."""

    SIGN = "SIGN", "签名"
    SEAL = "SEAL", "盖章"
    FINGERPRINT = "FINGERPRINT", "按指印"


class PerformanceMethod(Code):
    """How an agreed term is performed."""

    CASH = "CASH", "现金"
    TRANSFER = "TRANSFER", "转账"
    IN_KIND = "IN_KIND", "实物"
    ACT = "ACT", "行为履行"
    APOLOGY = "APOLOGY", "赔礼道歉"


class PerformanceProof(Code):
    """Proof that a term was performed."""

    RECEIPT = "RECEIPT", "收据"
    TRANSFER_RECORD = "TRANSFER_RECORD", "转账记录"
    PHOTO = "PHOTO", "照片"
    BOTH_CONFIRM = "BOTH_CONFIRM", "双方确认"


class Escalation(Code):
    """What makes a dispute dangerous (人民调解法 art. 25)."""

    VIOLENCE = "VIOLENCE", "有人身危险"
    FIGHT = "FIGHT", "聚众、要动手"
    SELF_HARM = "SELF_HARM", "扬言自伤、自杀"
    CRIME = "CRIME", "涉嫌犯罪"


class DueWhen(Code):
    """Where a term of an agreement stands when it is called to mind."""

    SOON = "SOON", "快到期"
    TODAY = "TODAY", "今天到期"
    LATE = "LATE", "已过期"


class CourtWay(Code):
    """What may follow an agreement that is not kept (人民调解法 art. 32, 33)."""

    ENFORCEMENT = "ENFORCEMENT", "申请强制执行"
    CONFIRMATION = "CONFIRMATION", "共同申请司法确认"
    SUIT = "SUIT", "向人民法院起诉"


class MediationResult(Code):
    """Result of a closed case."""

    SUCCESS = "SUCCESS", "调解成功"
    TO_COURT = "TO_COURT", "转诉讼"


class TerminationReason(Code):
    """Why a case was terminated; the remedies notice always goes with it (人民调解法 art. 26)."""

    PARTY_REFUSED = "PARTY_REFUSED", "当事人拒绝调解"
    FAILED = "FAILED", "调解不成"
    WITHDRAWN = "WITHDRAWN", "撤回申请"
    EXPIRED = "EXPIRED", "期限届满"


class Remedy(Code):
    """Ways that stay open after mediation ends."""

    LITIGATION = "LITIGATION", "诉讼"
    ARBITRATION = "ARBITRATION", "仲裁"
    ADMINISTRATIVE = "ADMINISTRATIVE", "行政途径"
