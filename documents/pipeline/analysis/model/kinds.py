"""Kind of document: what a model calls it in its own words, as one of the kinds programs know."""

from __future__ import annotations

import re

from documents.pipeline.analysis.schema import DocumentKind

_NAMES: dict[DocumentKind, str] = {
    "minutes": "minutes protokoll sitzungsprotokoll procès-verbal acta",
    "letter": "letter email e-mail mail brief schreiben lettre courrier courriel carta correo",
    "contract": "contract agreement lease vertrag mietvertrag kaufvertrag arbeitsvertrag "
    "vereinbarung kündigung contrat bail contrato acuerdo",
    "invoice": "invoice receipt form rechnung quittung formular facture reçu formulaire "
    "factura recibo formulario",
    "report": "report article bericht jahresbericht artikel rapport article informe artículo",
    "manual": "manual handbook guide handbuch anleitung bedienungsanleitung manuel guide guía",
    "list": "list table directory liste tabelle verzeichnis tableau lista tabla",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def plain_kind(label: str) -> DocumentKind | None:
    """The kind that a label names in plain words; None where it names none, or several."""
    named = {_KINDS[word] for word in _WORD.findall(label.lower()) if word in _KINDS}
    return named.pop() if len(named) == 1 else None
