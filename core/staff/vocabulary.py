"""All verbs, in the order in which their deeds are done; a new verb is one function in one of these modules."""

from __future__ import annotations

from core.staff import asking, assigning, classify, finding, held, joining, macros, speaking, waiting
from core.staff.verbs import verbs_in, words_of

VERBS = verbs_in(speaking, macros, joining, classify, waiting, held, assigning, asking, finding)
WORDS = words_of(VERBS)
