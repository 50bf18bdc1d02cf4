"""A refused act: an ordinary answer, with a code, a sentence for the operator and the field at fault (I12)."""

from __future__ import annotations

from models.records import ErrorCode


class Refused(Exception):
    """The act was not done and nothing was changed."""

    def __init__(
        self, code: ErrorCode, sentence: str, field: str | None = None, *, retry_after_s: int | None = None
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.retry_after_s = retry_after_s
