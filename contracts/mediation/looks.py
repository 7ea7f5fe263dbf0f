"""Who looked at personal data mediation keeps."""

from contracts.looks import EXAMPLE, CountLooks


class LooksIntoMediation(CountLooks):
    service = "mediation"
    title = "谁看了个人信息（调解）"
    example = EXAMPLE
