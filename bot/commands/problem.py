"""A command that cannot do what it was asked: one line that says why and what to do."""

from __future__ import annotations


class Problem(Exception):
    """`code` is the exit code: 1, 2 for a wrong call, or one of sysexits.h for `pipe`."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
