"""The linear model: what it may do, and that it is the one that its sentences teach."""

from __future__ import annotations

import gzip
import json
from importlib import resources

import pytest

from core.meaning import teaching
from core.meaning.clauses import sentences
from core.meaning.model import departments_of, model
from core.meaning.rules import intents as known


def test_the_shares_of_all_classes_sum_to_one() -> None:
    shares = model().shares(sentences("my website is down", "en"))
    assert sum(shares.values()) == pytest.approx(1)
    assert sum(departments_of(shares).values()) == pytest.approx(1)


def test_every_class_is_an_intent_or_a_department() -> None:
    for name in model().classes:
        assert name in known() or name.startswith("human.")


def test_a_pattern_stands_for_all_its_sentences() -> None:
    assert teaching.expanded("(unlock|lock) {domain} (now|)") == [
        "unlock bakery.example now", "unlock bakery.example", "lock bakery.example now", "lock bakery.example",
    ]  # fmt: skip


def test_the_model_in_the_package_was_trained_from_the_sentences_in_the_package() -> None:
    """Whoever changes words or sentences runs `python -m core.meaning.teaching`."""
    packed = resources.files("core.meaning").joinpath("data", "model.json.gz").read_bytes()
    stored = json.loads(gzip.decompress(packed))
    fresh = teaching.trained()
    assert tuple(stored["classes"]) == fresh.classes
    assert stored["weights"] == {feature: [list(pair) for pair in pairs] for feature, pairs in fresh.weights.items()}


@pytest.mark.parametrize(
    ("text", "best"),
    (
        ("our shop shows an error and nobody can order", "human.Support"),
        ("you took the money twice, give it back", "human.Billing"),
        ("which server would you recommend for a big forum?", "human.Sales"),
        ("a stranger has logged in to my account", "human.Security"),
        ("the registrar lock has to come off again", "domain.unlock"),
        ("list everything I have paid you so far", "transactions.list"),
    ),
)
def test_words_of_other_sentences_are_judged_as_these_were(text: str, best: str) -> None:
    """None of them is a sentence that it was trained with."""
    assert text not in {sentence for _, _, sentence in teaching.examples()}
    shares = model().shares(sentences(text, "en"))
    assert max(shares, key=lambda name: shares[name]) == best
