"""Promotion codes in a text: what looks like one, and whether it is."""

from __future__ import annotations

import re

from core.ports import Promotion, Shop

_CODE = re.compile(r"\b(?:[A-Z][A-Z0-9_-]{3,29}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9_-]{4,30})\b")
_AFTER = re.compile(
    r"\b(?:code|coupon|voucher|promo(?:tion)?|gutschein|bon)\b(?:\s+(?:code|is|called))*\W+([\w-]{3,30})", re.IGNORECASE
)
TRIED = 3
"""Codes of one mail that are looked up: nobody finds them by guessing."""


def codes_in(text: str) -> list[str]:
    """What follows the word "code", then words in capitals or with figures; as they are written."""
    return list(dict.fromkeys([*_AFTER.findall(text), *_CODE.findall(text)]))[:TRIED]


def promotion_in(text: str, shop: Shop) -> Promotion | None:
    """The valid promotion that the text names."""
    return next((found for code in codes_in(text) if (found := shop.promotion(code)) is not None), None)
