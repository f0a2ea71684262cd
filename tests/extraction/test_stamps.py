"""A stamp on a scan is not the document; real text over a picture is."""

import pytest

from documents.pipeline.extraction import UnreadableFile
from documents.pipeline.extraction.unread.stamp_shapes import is_stamp
from tests.extraction.pdf_builders_receipt import (
    PROSE,
    document,
    on_background,
    outlined,
    printed,
    prose,
    recognized,
    scanned,
)

GUID = "8F3B2C1A-44D0-4E5F-9A1B-0C2D3E4F5A6B"
# What stands on each page of six, and where: high, low, or in the middle.
REPEATED = {
    "court": (
        lambda n: [f"Case 2:25-cv-0{n}417-AB Document 9-1 Filed 02/03/25 Page {n} of 6"],
        815,
    ),
    "envelope": (lambda n: [f"Envelope ID: {GUID}"], 815),
    "Bates": (lambda n: [f"HARBOR-OFFICE-{n:07}"], 20),
    "scanner": (lambda n: ["Scanned with QuickScan, the free scanner for your phone"], 20),
    "library": (
        lambda n: [
            f"Generated for reader {n} at the City Library on 2026-03-0{n} 10:20 GMT",
            "Public domain, digitized by the library: https://library.example.org/access",
        ],
        30,
    ),
    "unknown sentence in the middle": (
        lambda n: [f"Ejemplar de consulta de la biblioteca municipal, hoja {n}"],
        430,
    ),
    "download": (lambda n: [f"Downloaded by Ana Silva on 12 March 2026 at 10:{n:02}"], 815),
}
# On a document of one page nothing repeats.
SINGLE = {
    "court": ("Case: 25-1041 Document: 00117 Page: 1 Date Filed: 02/03/2025 Entry ID: 65", 815),
    "county clerk": ("FILED: KINGS COUNTY CLERK 01/02/2026 03:04 PM INDEX NO. 123/2026", 815),
    "signed": (f"Digitally signed by the notary, transaction {GUID}", 430),
    "firmado": ("Documento firmado digitalmente. Código seguro de verificación: A1B2C3", 20),
    "telefax": ("12/03/2026 10:30 +1 555 0100 HARBOR OFFICE P. 001/004", 825),
    "content notice": ("This content was downloaded from 192.0.2.7 on Mon, 11 Feb 2026", 430),
    "license": ("Licensed to Example Shipping Ltd. No reproduction without permission.", 430),
    "unknown words in the margin": ("Oikeusrekisterikeskus, diaarinumero H 26/1234, kappale 2", 20),
}


def conditions(reading):
    return [page.condition for page in reading.pages]


@pytest.mark.parametrize("name", REPEATED)
def test_a_line_on_every_page_of_a_scan_is_not_its_text(name, outcome):
    stamp, y = REPEATED[name]
    assert outcome(document(*[scanned(n, *stamp(n), y=y) for n in range(1, 7)])) == "no_text"


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("count", [1, 2])
def test_a_stamp_is_known_where_nothing_repeats(name, count, outcome):
    line, y = SINGLE[name]
    assert outcome(document(*[scanned(n, line, y=y) for n in range(count)])) == "no_text"


def test_a_stamped_scan_says_what_to_do(read):
    with pytest.raises(UnreadableFile, match="only pictures") as caught:
        read(document(scanned(1, "Page 1 of 1"), scanned(2, f"Envelope ID: {GUID}")))
    assert "OCR" in caught.value.failure.advice


def test_scanned_pages_among_text_are_named_as_pictures(read):
    header = "Case 2:25-cv-00417 Document 9 Filed 02/03/25"
    reading = read(
        document(
            printed(header, *prose()),
            printed(header, *prose()),
            scanned(3, header),
            scanned(4, header),
        )
    )
    assert conditions(reading) == ["read", "read", "empty", "empty"]
    assert reading.unread == [{"page": 3, "reason": "scan"}, {"page": 4, "reason": "scan"}]


def test_letters_drawn_as_shapes_below_a_footer_are_not_read(outcome):
    pages = [outlined(n, f"Harbor office, annual report, sheet {n}") for n in (1, 2, 3)]
    assert outcome(document(*pages)) == "no_text"


def test_empty_pages_say_whether_they_are_blank_drawn_or_pictures(read):
    reading = read(
        document(printed(*prose()), printed(), outlined(1), scanned(2), printed(*prose()))
    )
    assert reading.unread == [
        {"page": 2, "reason": "blank"},
        {"page": 3, "reason": "drawing"},
        {"page": 4, "reason": "scan"},
    ]


def slides():
    lines = ["Thank you", "Why divers?", "Costs by quay", "Next steps in May", "The north mole"]
    return [on_background(line, size=32, footer="Harbor office, 2026") for line in lines]


FALSE_ALARMS = {
    "header and footer of a book": [
        printed("The history of the harbor", *prose(), f"page {n}") for n in range(1, 7)
    ],
    "a page with header and footer alone": [
        *[printed("The history of the harbor", *prose(), f"page {n}") for n in range(1, 4)],
        printed("The history of the harbor", "page 4"),
    ],
    "letterhead": [on_background(*prose(4))],
    "short letter on a letterhead": [on_background("Dear Ms. Silva,", "the survey is approved.")],
    "brochure": [on_background(*prose(3)), scanned(7, *prose(3), y=400)],
    "slides": slides(),
    "poster": [scanned(1, "Harbor festival on Saturday", "All are welcome", y=500, size=30)],
    "photograph with a caption": [
        scanned(n, f"Figure {n}. {PROSE[n * 9 : n * 9 + 60]}", y=150) for n in range(1, 5)
    ],
    "forms filled in by machine": [
        scanned(n, *[f"{field}: {n}" for field in ("Name", "Berth", "Draft")], *prose(6), y=600)
        for n in range(1, 5)
    ],
    "scan with a recognized layer": [recognized(n, "HARBOR-000123") for n in range(1, 5)],
    "drawing with labels": [
        outlined(1, *prose(2)),
        outlined(2, "Pump house, north elevation, 1:50"),
    ],
    "identical receipts": [
        scanned(n, "Receipt", "Berth fee 12.50", "Water 3.00", *prose(5), y=600) for n in range(4)
    ],
}


@pytest.mark.parametrize("name", FALSE_ALARMS)
def test_real_text_over_a_picture_stays_read(name, read):
    assert set(conditions(read(document(*FALSE_ALARMS[name])))) == {"read"}


def test_a_sentence_is_no_stamp():
    assert not any(is_stamp(line) for line in prose())
    assert not is_stamp("Maria Lopez must send the survey by 20 March 2026.")
    assert not is_stamp("x" * 201)
