"""Pure. What became of handing a letter over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """`sent` it was taken · `refused` a definite no (permanent or not) · `unreachable` never handed over: the other
    side is away, busy with itself, or does not let us in · `unknown` handed over, no answer read.

    `code` is the reply code (SMTP 250, HTTP 200) where there was one.
    """

    result: str
    code: int | None = None
    error: str = ""
    permanent: bool = False

    @property
    def is_sent(self) -> bool:
        return self.result == "sent"

    @property
    def is_unknown(self) -> bool:
        return self.result == "unknown"

    @property
    def is_unreachable(self) -> bool:
        return self.result == "unreachable"

    @property
    def is_permanent(self) -> bool:
        return self.permanent


def sent(code: int | None = None) -> Outcome:
    return Outcome("sent", code)


def refused(code: int | None, error: str, *, permanent: bool) -> Outcome:
    return Outcome("refused", code, error, permanent)


def unreachable(error: str, code: int | None = None) -> Outcome:
    return Outcome("unreachable", code, error)


def unknown(error: str) -> Outcome:
    return Outcome("unknown", None, error)
