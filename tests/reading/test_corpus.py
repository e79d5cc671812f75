"""Every mail of the corpus reads as the file beside it says."""

from __future__ import annotations

import pytest

from bot.channels.reading.document import as_document
from bot.channels.reading.mail import read
from tests.reading import corpus


@pytest.mark.parametrize("name", corpus.names())
def test_reads_as_the_file_beside_it_says(name: str) -> None:
    document = as_document(read(corpus.mail(name)))
    assert corpus.differences(corpus.expected(name), document) == []


def test_every_mail_has_its_expectation_and_every_expectation_its_mail() -> None:
    expectations = sorted(path.stem for path in corpus.FOLDER.glob("*.json"))
    assert corpus.names() == expectations
    assert len(expectations) >= 150
