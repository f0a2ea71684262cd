"""Documents that hold more than their pages show: XFA forms, files inside, review comments."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.hostile_files import pages

PLEASE_WAIT = (
    "Please wait...\n\nIf this message is not eventually replaced with the proper contents of\n"
    "the document, your PDF viewer may not be able to display this type of document.\n"
    "You can upgrade to the latest version of Adobe Reader by visiting its page."
)


def changed(data: bytes, change: Any) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def xfa(text: str, *, dynamic: bool = True, fields: int = 0) -> bytes:
    """A form in XFA; what its pages show is `text`, with as many fields beside it."""

    def change(pdf: pikepdf.Pdf) -> None:
        template = pdf.make_stream(b"<template xmlns='http://www.xfa.org/schema/xfa-template/'/>")
        made = [pdf.make_indirect(_field(index)) for index in range(fields)]
        pdf.Root.AcroForm = Dictionary(
            Fields=Array(made), XFA=Array([String("template"), template])
        )
        pdf.pages[0].Annots = Array(made)
        if dynamic:
            pdf.Root.NeedsRendering = True

    return changed(pages(text), change)


def _field(index: int) -> Dictionary:
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String(f"field{index}"),
        Rect=[100, 300 + 30 * index, 300, 320 + 30 * index],
    )


def with_files(data: bytes, *names: str, portfolio: bool = False) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        for name in names:
            spec = pikepdf.AttachedFileSpec(pdf, b"Inside.", filename=name)
            pdf.attachments[name] = spec
        if portfolio:
            pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)

    return changed(data, change)


def note(contents: str, *, author: str = "Ben", kind: str = "Text", **more: Any) -> Dictionary:
    entries = {"T": String(author)} if author else {}
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name(f"/{kind}"),
        Rect=[300, 700, 320, 720],
        Contents=String(contents),
        **entries,
        **more,
    )


def with_notes(data: bytes, *notes: Dictionary, page: int = 0) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[page].Annots = Array([pdf.make_indirect(each) for each in notes])

    return changed(data, change)


def with_pinned_file(data: bytes, name: str) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        spec = pikepdf.AttachedFileSpec(pdf, b"Inside.", filename=name)
        pin = Dictionary(
            Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[10, 10, 30, 30], FS=spec.obj
        )
        pdf.pages[0].Annots = Array([pdf.make_indirect(pin)])

    return changed(data, change)
