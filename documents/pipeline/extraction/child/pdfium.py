"""PDFium as the child calls it: its functions, numbers and records, named as in its headers.

The library is pypdfium2's, the wrapper is not: importing that takes as long as reading 20 pages.
Python's lock is kept in all calls, as the child has one thread. Handles are numbers or None; what
a function fills in is passed as an address, an array or by reference.
"""

from __future__ import annotations

import ctypes
import os
from importlib.machinery import PathFinder
from typing import Any

_FILES = {"libpdfium.so", "libpdfium.dylib", "pdfium.dll"}

# The result's letter and those of the arguments: (p)ointer or handle, (i)nt, (u)nsigned, unsigned
# (l)ong or size, (f)loat, (d)ouble, (v)oid. A test holds them against pypdfium2's own.
_TYPES: dict[str, Any] = {
    "p": ctypes.c_void_p,
    "i": ctypes.c_int,
    "u": ctypes.c_uint,
    "l": ctypes.c_ulong,
    "f": ctypes.c_float,
    "d": ctypes.c_double,
    "v": None,
}
SIGNATURES = dict(
    line.split()
    for line in """
    FORM_OnAfterLoadPage v:pp
    FORM_OnBeforeClosePage v:pp
    FPDFAnnot_CountAttachmentPoints l:p
    FPDFAnnot_GetAP l:pipl
    FPDFAnnot_GetAttachmentPoints i:plp
    FPDFAnnot_GetFileAttachment p:p
    FPDFAnnot_GetFlags i:p
    FPDFAnnot_GetFormFieldType i:pp
    FPDFAnnot_GetLine i:ppp
    FPDFAnnot_GetOptionCount i:pp
    FPDFAnnot_GetOptionLabel l:ppipl
    FPDFAnnot_GetRect i:pp
    FPDFAnnot_GetStringValue l:pppl
    FPDFAnnot_GetSubtype i:p
    FPDFAnnot_HasKey i:pp
    FPDFAnnot_IsChecked i:pp
    FPDFAnnot_IsOptionSelected i:ppi
    FPDFAttachment_GetName l:ppl
    FPDFBitmap_CreateEx p:iiipi
    FPDFBitmap_Destroy v:p
    FPDFBitmap_FillRect i:piiiil
    FPDFBitmap_GetBuffer p:p
    FPDFBitmap_GetStride i:p
    FPDFClipPath_CountPathSegments i:pi
    FPDFClipPath_CountPaths i:p
    FPDFClipPath_GetPathSegment p:pii
    FPDFDOC_ExitFormFillEnvironment v:p
    FPDFDOC_InitFormFillEnvironment p:pp
    FPDFDoc_GetAttachment p:pi
    FPDFDoc_GetAttachmentCount i:p
    FPDFFormObj_CountObjects i:p
    FPDFFormObj_GetObject p:pl
    FPDFImageObj_GetBitmap p:p
    FPDFImageObj_GetImageDataRaw l:ppl
    FPDFImageObj_GetImagePixelSize i:ppp
    FPDFPageObjMark_GetName i:pplp
    FPDFPageObj_CountMarks i:p
    FPDFPageObj_GetBounds i:ppppp
    FPDFPageObj_GetClipPath p:p
    FPDFPageObj_GetFillColor i:ppppp
    FPDFPageObj_GetMark p:pl
    FPDFPageObj_GetMatrix i:pp
    FPDFPageObj_GetStrokeColor i:ppppp
    FPDFPageObj_GetStrokeWidth i:pp
    FPDFPageObj_GetType i:p
    FPDFPageObj_HasTransparency i:p
    FPDFPageObj_SetIsActive i:pi
    FPDFPage_CloseAnnot v:p
    FPDFPage_CountObjects i:p
    FPDFPage_Flatten i:pi
    FPDFPage_GetAnnot p:pi
    FPDFPage_GetAnnotCount i:p
    FPDFPage_GetObject p:pi
    FPDFPage_GetRotation i:p
    FPDFPage_RemoveAnnot i:pi
    FPDFPathSegment_GetPoint i:ppp
    FPDFPath_CountSegments i:p
    FPDFPath_GetDrawMode i:ppp
    FPDFTextObj_GetFontSize i:pp
    FPDFTextObj_GetTextRenderMode i:p
    FPDFText_ClosePage v:p
    FPDFText_CountChars i:p
    FPDFText_CountRects i:pii
    FPDFText_GetBoundedText i:pddddpi
    FPDFText_GetCharAngle f:pi
    FPDFText_GetCharBox i:pipppp
    FPDFText_GetCharOrigin i:pipp
    FPDFText_GetFontSize d:pi
    FPDFText_GetLooseCharBox i:pip
    FPDFText_GetMatrix i:pip
    FPDFText_GetRect i:pipppp
    FPDFText_GetText i:piip
    FPDFText_GetTextObject p:pi
    FPDFText_GetUnicode u:pi
    FPDFText_HasUnicodeMapError i:pi
    FPDFText_IsGenerated i:pi
    FPDFText_IsHyphen i:pi
    FPDFText_LoadPage p:p
    FPDF_CloseDocument v:p
    FPDF_ClosePage v:p
    FPDF_GetFormType i:p
    FPDF_GetLastError l:
    FPDF_GetMetaText l:pppl
    FPDF_GetPageBoundingBox i:pp
    FPDF_GetPageCount i:p
    FPDF_InitLibraryWithConfig v:p
    FPDF_LoadCustomDocument p:pp
    FPDF_LoadMemDocument64 p:plp
    FPDF_LoadPage p:pi
    FPDF_RenderPageBitmap_Start i:ppiiiiiip
    FPDF_RenderPage_Close v:p
    """.strip().splitlines()
)


FLATTEN_SUCCESS = 1
FLAT_NORMALDISPLAY = 0
FORMTYPE_NONE = 0
FORMTYPE_XFA_FULL = 2
FORMTYPE_XFA_FOREGROUND = 3
FPDFBitmap_BGRA = 4
FPDF_ANNOT = 1
FPDF_ANNOT_APPEARANCEMODE_NORMAL = 0
FPDF_ANNOT_UNKNOWN = 0
FPDF_ANNOT_TEXT = 1
FPDF_ANNOT_LINK = 2
FPDF_ANNOT_FREETEXT = 3
FPDF_ANNOT_LINE = 4
FPDF_ANNOT_SQUARE = 5
FPDF_ANNOT_CIRCLE = 6
FPDF_ANNOT_POLYGON = 7
FPDF_ANNOT_POLYLINE = 8
FPDF_ANNOT_HIGHLIGHT = 9
FPDF_ANNOT_UNDERLINE = 10
FPDF_ANNOT_SQUIGGLY = 11
FPDF_ANNOT_STRIKEOUT = 12
FPDF_ANNOT_STAMP = 13
FPDF_ANNOT_CARET = 14
FPDF_ANNOT_INK = 15
FPDF_ANNOT_POPUP = 16
FPDF_ANNOT_FILEATTACHMENT = 17
FPDF_ANNOT_WIDGET = 20
FPDF_ANNOT_REDACT = 28
FPDF_ANNOT_FLAG_INVISIBLE = 1
FPDF_ANNOT_FLAG_HIDDEN = 2
FPDF_ANNOT_FLAG_NOVIEW = 32
FPDF_ERR_PASSWORD = 4
FPDF_ERR_SECURITY = 5
FPDF_FILLMODE_NONE = 0
FPDF_FORMFIELD_CHECKBOX = 2
FPDF_FORMFIELD_RADIOBUTTON = 3
FPDF_FORMFIELD_COMBOBOX = 4
FPDF_FORMFIELD_LISTBOX = 5
FPDF_FORMFIELD_TEXTFIELD = 6
FPDF_PAGEOBJ_TEXT = 1
FPDF_PAGEOBJ_PATH = 2
FPDF_PAGEOBJ_IMAGE = 3
FPDF_PAGEOBJ_SHADING = 4
FPDF_PAGEOBJ_FORM = 5
FPDF_RENDER_DONE = 2
FPDF_TEXTRENDERMODE_FILL = 0
FPDF_TEXTRENDERMODE_STROKE = 1
FPDF_TEXTRENDERMODE_FILL_STROKE = 2
FPDF_TEXTRENDERMODE_INVISIBLE = 3
FPDF_TEXTRENDERMODE_FILL_CLIP = 4
FPDF_TEXTRENDERMODE_STROKE_CLIP = 5
FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP = 6
FPDF_TEXTRENDERMODE_CLIP = 7


class Rectangle(ctypes.Structure):
    """FS_RECTF."""

    _fields_ = tuple((name, ctypes.c_float) for name in ("left", "top", "right", "bottom"))


class Matrix(ctypes.Structure):
    """FS_MATRIX."""

    _fields_ = tuple((name, ctypes.c_float) for name in "abcdef")


class FileAccess(ctypes.Structure):
    """FPDF_FILEACCESS."""

    GET_BLOCK = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong
    )
    _fields_ = (("size", ctypes.c_ulong), ("get_block", GET_BLOCK), ("param", ctypes.c_void_p))


class Pause(ctypes.Structure):
    """IFSDK_PAUSE, version 1."""

    CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
    _fields_ = (("version", ctypes.c_int), ("NeedToPauseNow", CALLBACK), ("user", ctypes.c_void_p))


def _library() -> ctypes.PyDLL:
    spec = PathFinder.find_spec("pypdfium2_raw")
    for folder in (spec and spec.submodule_search_locations) or ():
        for name in _FILES.intersection(os.listdir(folder)):
            return ctypes.PyDLL(os.path.join(folder, name))
    raise ImportError("pypdfium2 was installed without PDFium")


def _bound(name: str) -> Any:
    result, _, arguments = SIGNATURES[name].partition(":")
    function = getattr(_pdfium, name)
    function.restype, function.argtypes = _TYPES[result], [_TYPES[each] for each in arguments]
    return function


def __getattr__(name: str) -> Any:
    """For type checkers, which do not see what is bound below."""
    raise AttributeError(f"{name} is not among the functions of PDFium that the child calls")


_pdfium = _library()
globals().update({name: _bound(name) for name in SIGNATURES})
# Version 2 of its configuration; all else is zero. A second call, as tests make, changes nothing.
_pdfium.FPDF_InitLibraryWithConfig((ctypes.c_int * 32)(2))
