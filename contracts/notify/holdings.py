"""What notify holds about a person: copied for the person, erased when intake orders it."""

from contracts.holdings import EXAMPLE_ERASED, CopyCommand, StoreErased, copy_of_resident


class CopyFromNotify(CopyCommand):
    service = "notify"
    title = "通知关怀中的个人信息"
    example = copy_of_resident()


class NotifyErased(StoreErased):
    source = "notify"
    title = "通知已删除"
    example = EXAMPLE_ERASED
