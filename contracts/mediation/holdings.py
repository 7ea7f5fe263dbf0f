"""What mediation holds about a person: copied for the person, erased when intake orders it."""

from contracts.holdings import EXAMPLE_ERASED, CopyCommand, StoreErased, copy_of_resident


class CopyFromMediation(CopyCommand):
    service = "mediation"
    title = "调解中的个人信息"
    example = copy_of_resident()


class MediationErased(StoreErased):
    source = "mediation"
    title = "调解已删除"
    example = EXAMPLE_ERASED
