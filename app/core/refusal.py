"""What services raise where they will not do what was asked."""


class Refused(Exception):
    """What was asked cannot be done; `field` names the input it concerns ("" for none), the message is a sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
