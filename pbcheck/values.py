"""The values at the places of findings, for those who asked for them: what the schema gate takes out is looked at before it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from pbcheck.findings import with_value
from pbcheck.gather import gate
from pbcheck.model import Finding, Rule
from pbcheck.opened import Opened
from pbcheck.source.document import Document

VALUES_SHOWN = "Values of the records are shown, personal data too: keep this report as you keep the records."
_NO_VALUE = "missing-key"  # its place is the group where the key should be


def gate_with_values(document: Document, rules: Mapping[str, Rule]) -> tuple[bool, list[Finding]]:
    """Hold a document against its schema as `gate` does, and give each finding the value at its place."""
    before = deepcopy(document.data)
    readable, found = gate(document, rules)
    return readable, [one if one.rule == _NO_VALUE else with_value(one, before) for one in found]


class OpenedWithValues(Opened):
    """An export that was read, whose findings carry the values at their places."""

    def _gated(self, documents: Iterable[Document]) -> list[Document]:
        """Return those of some documents that can be judged; what their schemas refuse becomes findings with values."""
        kept = []
        for document in documents:
            before, known = deepcopy(document.data), len(self.findings)
            kept += super()._gated([document])
            made = self.findings[known:]
            self.findings[known:] = [one if one.rule == _NO_VALUE else with_value(one, before) for one in made]
        return kept
