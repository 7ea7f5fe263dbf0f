"""Who looked at personal data intake keeps."""

from contracts.looks import EXAMPLE, CountLooks


class LooksIntoIntake(CountLooks):
    service = "intake"
    title = "谁看了个人信息（诉求受理）"
    example = EXAMPLE
