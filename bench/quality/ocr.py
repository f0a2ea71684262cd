"""How well and how fast scans are read: pages of known text, drawn and spoilt in four severities.

    python -m bench.quality.ocr [pages]

Each page is printed in English or German, drawn at 200 dots per inch, put askew, blurred, made
noisy and pressed as JPEG. Told are the share of characters that are wrong (edits over length,
spaces aside), the share of numbers that came out, the engine's own confidence, and time.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageChops, ImageFilter
from rapidfuzz.distance import Levenshtein

from documents.pipeline.extraction import OcrOptions, UnreadableFile, read_document
from documents.pipeline.extraction.ocr import installed, languages_for
from tests.extraction.pdf_builders_ocr import of_pictures, pictured, printed

# Degrees askew, radius of the blur, spread of the noise, quality of the JPEG.
SEVERITIES = {"clean": (0, 0, 0, 90), "light": (0.5, 0.5, 8, 60)} | {
    "medium": (-1.2, 0.8, 16, 40),
    "worst": (2.0, 1.1, 28, 25),
}
ENGLISH = (
    "the harbor committee approved repairs of quay wall before winter and asked every owner "
    "whether further surveys should begin next spring although budget remains small"
)
GERMAN = (
    "die Geschäftsführung beschließt größere Maßnahmen an der Kaimauer für das nächste Jahr "
    "und bittet alle Eigentümer über weitere Prüfungen möglichst früh zu berichten"
)
WORDS = {"eng": ENGLISH.split(), "deu": GERMAN.split()}
NUMBER = re.compile(r"\d[\d.,]*\d")


def text(language: str, chance: random.Random) -> list[str]:
    """Thirty lines with two numbers each."""
    some = WORDS[language]
    return [
        f"{chance.choice(some)} {chance.randint(100, 99_999):,} EUR "
        + " ".join(chance.choices(some, k=6))
        + f" {chance.randint(1, 28)}.{chance.randint(10, 12)}.20{chance.randint(20, 29)}"
        for _ in range(30)
    ]


def spoilt(picture: Image.Image, severity: str) -> Image.Image:
    degrees, blur, noise, quality = SEVERITIES[severity]
    picture = picture.rotate(degrees, fillcolor=255, resample=Image.Resampling.BICUBIC)
    picture = picture.filter(ImageFilter.GaussianBlur(blur))
    if noise:
        grain = Image.effect_noise(picture.size, noise)
        picture = ImageChops.add(picture, grain, scale=1, offset=-128)
    pressed = BytesIO()
    picture.save(pressed, "JPEG", quality=quality)
    return Image.open(pressed)


def measured(severity: str, count: int) -> Iterator[tuple[float, float, float, int]]:
    """Errors, numbers right, seconds and confidence of each page."""
    chance = random.Random(7)  # noqa: S311
    for number in range(count):
        language = ("eng", "deu")[number % 2]
        lines = text(language, chance)
        font = ("Times-Roman", "Helvetica")[number // 2 % 2]
        scan = of_pictures(spoilt(pictured(printed(lines, font=font), dots=200), severity))
        began_at = time.monotonic()
        try:
            page = read_document(
                scan, "application/pdf", on_page=lambda done, total: None, ocr=OcrOptions()
            ).pages[0]
        except UnreadableFile:
            yield 1.0, 0.0, time.monotonic() - began_at, 0
            continue
        seconds = time.monotonic() - began_at
        wanted, got = ("".join("".join(each).split()) for each in (lines, page.text))
        errors = Levenshtein.distance(wanted, got) / len(wanted)
        numbers = NUMBER.findall(" ".join(lines))
        right = sum(number in page.text for number in numbers) / len(numbers)
        yield errors, right, seconds, page.ocr_confidence or 0


def main() -> None:
    engine = installed()
    if engine is None:
        raise SystemExit("No text recognition (OCR) is installed.")
    print(f"{engine.described}, {', '.join(languages_for(engine, ()))}")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    scores: list[float] = []
    for severity in SEVERITIES:
        pages = list(measured(severity, count))
        scores += [page[1] for page in pages]
        errors, right, seconds, sure = (
            statistics.mean(column) for column in zip(*pages, strict=True)
        )
        worst = max(page[0] for page in pages)
        print(
            f"{severity:7} errors {errors:.4f} (worst page {worst:.4f}), numbers {right:.3f}, "
            f"confidence {sure:.0f}, {seconds:.1f} s a page",
            flush=True,
        )
    print(f"all {len(scores)} pages: numbers {statistics.mean(scores):.3f}")


if __name__ == "__main__":
    main()
