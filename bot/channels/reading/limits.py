"""How much of one mail is read. Beyond a limit the rest is left out and a defect says so; nothing is refused here.

The figures are generous to people (the largest real mails stay far below) and stop every known way to make a small
mail expensive: nesting, parts, fields, addresses, encoded words, markup.
"""

from __future__ import annotations

NESTING = 100
PARTS = 1_000
HEADER_BYTES = 100 * 1024
HEADER_FIELDS = 1_000
ADDRESSES = 500
ENCODED_WORDS = 2_000
IDS = 1_000
FIELD_CHARACTERS = 64 * 1024
SUBJECT_CHARACTERS = 2_000
NAME_CHARACTERS = 500
FALSE_BOUNDARIES = 20_000
"""Lines that begin like a boundary and are none, per message: each costs a microsecond."""
TEXT_CHARACTERS = 4_000_000
MARKUP_CHARACTERS = 1_000_000
SANITISED_CHARACTERS = 500_000
TRIMMED_CHARACTERS = 200_000
"""Quotes are looked for in this much of a text; what stands behind is left as it is."""
FILENAME_CHARACTERS = 180
UNPACKED_PARTS = 200
UNPACKED_FILES = 5
"""So many winmail.dat of a mail are opened."""
