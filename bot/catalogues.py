"""What is translated but stands in no template: read from the source for Babel (babel.cfg, "values").

Templates put values through `_()`: status words and billing cycles, the help of each intent and of each staff command.
They are read where they are declared, so that a new one is missing in the catalogues at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

VOCABULARIES = ("Cycle", "ServiceStatus", "DomainStatus", "InvoiceStatus")
"""The field's words that replies show."""

Message = tuple[int, str, str, list[str]]
"""Line, function, text, comments for the translator: what Babel wants of an extraction method."""


def values(
    source: IO[bytes], keywords: Iterable[str], comment_tags: Iterable[str], options: Mapping[str, object]
) -> Iterator[Message]:
    """Babel's extraction method for a Python file."""
    for node in ast.walk(ast.parse(source.read())):
        for text in _texts(node):
            yield getattr(node, "lineno", 0), "", text, []


def _texts(node: ast.AST) -> list[str]:
    match node:
        case ast.FunctionDef(decorator_list=[ast.Call(func=ast.Name(id="intent")), *_]):
            return [(ast.get_docstring(node) or "").partition("\n")[0]]
        case ast.FunctionDef(decorator_list=[ast.Call(func=ast.Name(id="verb")), *_]):
            return [(ast.get_docstring(node) or "").partition("\n")[0].removesuffix(".")]
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript(slice=words)) if name in VOCABULARIES:
            return [str(word.value) for word in ast.walk(words) if isinstance(word, ast.Constant)]
        case _:
            return []
