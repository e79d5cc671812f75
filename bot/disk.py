"""Is there room for more mail on the volume of the database? The doors ask before they take any.

What a full disk breaks is worse than a mail that comes later: so there is a margin in which everything else goes on,
what staff read and write, and what waits to be sent. A database on another machine has to be watched there.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

log = logging.getLogger("helpdesk.disk")

MIB = 1024 * 1024
COPIES = 3
"""A message stands in the write-ahead log and in the database, and a walk needs some room as well."""


def free_octets(folder: Path) -> int:
    """What an ordinary user may still write there. Raises OSError."""
    return shutil.disk_usage(folder).free


@dataclass(slots=True)
class Disk:
    """`folder` is None where the database is not on a disk of ours."""

    folder: Path | None
    keep_free: int
    free: Callable[[Path], int] = free_octets
    full: bool = False
    """What was found last."""

    def has_room(self, coming: int = 0) -> bool:
        """Is there room, `coming` being the octets of all messages that are on their way in?"""
        if self.folder is None:
            return True
        free = self.free(self.folder)
        full = free < max(self.keep_free, COPIES * coming)
        if full and not self.full:
            log.error("%d MiB are free on the disk of the database: mail is put off until there are more", free // MIB)
        elif self.full and not full:
            log.warning("%d MiB are free on the disk of the database: mail is taken again", free // MIB)
        self.full = full
        return not full


def under(database: URL, min_free_mb: int) -> Disk:
    """The disk that the database lies on."""
    file = database.database or ""
    local = database.get_backend_name() == "sqlite" and file not in ("", ":memory:")
    return Disk(Path(file).parent if local else None, min_free_mb * MIB)
