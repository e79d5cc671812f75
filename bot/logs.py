"""The log: key=value lines on standard error, with nothing in them that must not be kept."""

from __future__ import annotations

import logging
import sys

from core.redaction import for_log


class Redacting(logging.Formatter):
    """Redacts the finished line, whichever library wrote it, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return for_log(super().format(record))


def set_up(level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Their debug lines hold whole mails and parameters.
    for name in ("sqlalchemy", "mail.log", "imapclient", "alembic"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
