"""Text recognition (OCR): nothing hangs, floods, or is read that no person could see."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Fragment, Mutation, Value

OCR = "tests/extraction/test_ocr.py::"
EXTRA_TYPES = "tests/uploads/test_extra_types.py::"

RECOGNITION = [
    Mutation(
        "an engine may not flood",
        "ocr.pictures._read",
        Fragment("at_most=OUTPUT_BYTES", "at_most=10 ** 12"),
        f"{OCR}breaks_costs_its_page_only",
    ),
    Mutation(
        "all ways to read a page share its time",
        "ocr.pictures.words_on",
        Fragment("max(1.0, until - _CLOCK())", "SECONDS"),
        "tests/extraction/test_ocr_faults.py::share_its_time",
    ),
    Mutation(
        "recognition has a limit of time",
        "_Crew._time_counted",
        Fragment("self._seconds_left -= ", "0 - "),
        f"{OCR}pages_without_time",
    ),
    Mutation(
        "who loses the claim ends recognition",
        "_Crew.results",
        Fragment("self._desk.stop.set()", "pass"),
        f"{OCR}lost_claim_is_told",
    ),
    Mutation(
        "pictures of pages are checked",
        "ocr.pictures._as_pgm",
        Fragment("len(pixels) == width * height", "True"),
        f"{OCR}picture_that_cannot_be",
    ),
    Mutation(
        "words too pale for a person are not recognized",
        "child.render._PAPER",
        Value("256"),
        f"{OCR}too_pale",
    ),
    Mutation(
        "guesses at a picture are no text",
        "ocr.words._are_guesses",
        Body("return False"),
        "tests/extraction/test_ocr_words.py::guesses",
    ),
    Mutation(
        "what was printed apart is not joined to a date",
        "ocr.dates._CLOSE",
        Value("9.0"),
        "tests/extraction/test_ocr_dates.py::stands_apart",
    ),
    Mutation(
        "an identical file takes over no reading without an engine",
        "recognition.is_outdated",
        Body("return False"),
        "tests/queue/test_recognizing_again.py::takes_over_no_reading",
    ),
    Mutation(
        "nothing is forgotten where nothing can be read",
        "rereading.recognize",
        Fragment("not recognition.is_there()", "False"),
        "tests/queue/test_recognizing_again.py::nothing_is_forgotten",
    ),
    Mutation(
        "a language without its data is told",
        "missing_language.is_known",
        Body("return True"),
        "tests/queue/test_missing_language.py::without_its_data",
    ),
    Mutation(
        "an engine gets no rights but its own",
        "job._confinement",
        Fragment("tuple(_readable(job))", "('/',)"),
        "tests/extraction/test_confinement.py::from_inside_a_text_recognition",
    ),
    Mutation(
        "pictures are what their ending says",
        "validators._judge_picture",
        Fragment("image_headers.kind_of(data) != content_type", "False"),
        f"{EXTRA_TYPES}what_they_are_not",
    ),
    Mutation(
        "pictures are no bombs",
        "Size.is_decodable",
        Body("return True"),
        f"{EXTRA_TYPES}bomb",
    ),
]
