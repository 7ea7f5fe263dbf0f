"""What the stores hold about a person, and why something of it stays (domain §4.8)."""

from kernel.codes.base import Code


class Store(Code):
    """The five stores, each of which answers for what it holds."""

    INTAKE = "INTAKE", "诉求受理"
    DISPATCH = "DISPATCH", "吹哨派单"
    MEDIATION = "MEDIATION", "调解"
    NOTIFY = "NOTIFY", "通知关怀"
    PORTAL = "PORTAL", "门户"


class Keeping(Code):
    """Why something may not be erased yet (个人信息保护法 art. 19, 47)."""

    RUNNING = "RUNNING", "事项正在办理"
    RETENTION = "RETENTION", "办结后的保存期未满"
    DOSSIER = "DOSSIER", "调解卷宗的保管期未满"
