"""How sure and how fast quotes are found in a text of a thousand pages.

Run `python -m bench.quality.grounding`. Times are those of the processor: machines are shared.
The text is generated and looks like the text of PDF files: hyphenated line ends, typographic
quotes, ligatures, running heads. Quotes are made from it by one change at a time; what must be
accepted and what must not is the same on every machine.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator

from bench.limits.offline import COMMON, NAMES, vocabulary
from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.quotes import Grounding, index

PAGES = 1_000
QUOTES = 200  # of each kind
CASES = ["verbatim", "typography", "ellipsis", "number", "negation", "word", "shuffled"]
ACCEPTED = ("verbatim", "typography", "ellipsis")
NEGATIONS = ["not", "never", "no longer", "hardly"]

Quote = tuple[int, str]  # the page it was taken from, and its words


def document(pages: int = PAGES) -> list[SourcePage]:
    chance = random.Random(11)  # noqa: S311 - the same text every time
    words = vocabulary(chance)
    return [SourcePage(number, _page(number, chance, words)) for number in range(1, pages + 1)]


def _page(number: int, chance: random.Random, words: list[str]) -> str:
    sentences, length = [], 0
    while length < 2_900:
        sentences.append(_sentence(chance, words))
        length += len(sentences[-1])
    lines = _wrapped(" ".join(sentences), chance)
    return "\n".join([f"Report of the harbor office - {number}", *lines])


def _sentence(chance: random.Random, words: list[str]) -> str:
    chosen = [
        chance.choice(COMMON)
        if chance.random() < 0.4
        else words[int(len(words) * chance.random() ** 3)]
        for _ in range(chance.randint(8, 26))
    ]
    if chance.random() < 0.4:
        chosen.insert(chance.randint(2, len(chosen) - 2), _number(chance))
    if chance.random() < 0.2:
        chosen.insert(chance.randint(1, len(chosen) - 1), chance.choice(NAMES))
    if chance.random() < 0.1:
        place = chance.randint(1, len(chosen) - 2)
        chosen[place] = f"“{chosen[place]}”"
    return " ".join(chosen).capitalize() + "."


def _number(chance: random.Random) -> str:
    return chance.choice(
        [f"{chance.randint(2, 999)}", f"{chance.randint(1, 99)}.{chance.randint(1, 9)}",
         f"{chance.randint(1, 999)},{chance.randint(100, 999)}", f"{chance.randint(1990, 2030)}"]
    )  # fmt: skip


def _wrapped(text: str, chance: random.Random) -> Iterator[str]:
    line = ""
    for word in text.replace("fi", "ﬁ").split(" "):
        if len(line) + len(word) > 80:
            at = len(word) // 2
            if len(word) > 7 and word.isalpha() and chance.random() < 0.5:
                yield f"{line} {word[:at]}-"
                line = word[at:]
                continue
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def quotes(pages: list[SourcePage], case: str, count: int = QUOTES) -> Iterator[Quote]:
    """Quotes of 10 to 24 words from random places, each changed as its case says."""
    chance = random.Random(case)  # noqa: S311
    folded = normalization.fold("".join(page.text for page in pages))
    while count:
        page = chance.choice(pages)
        words = _plain(page.text).split()
        start = chance.randint(8, len(words) - 30)
        taken = words[start : start + chance.randint(10, 24)]
        changed = CHANGES[case](taken, chance)
        if changed is None or (case not in ACCEPTED and normalization.fold(changed) in folded):
            continue  # Nothing to change here, or what came out stands in the text as well.
        yield page.number, changed
        count -= 1


def _plain(text: str) -> str:
    """The text as somebody would copy it by hand."""
    return re.sub(r"-\n", "", text).replace("ﬁ", "fi")


def _noise(words: list[str], chance: random.Random) -> str:
    text = " ".join(words).replace("“", '"').replace("”", '"').replace("fi", "ﬁ")
    spaced = chance.choice(["  ", "\n", "\u00a0", " \u00ad", "\u2009"]).join(text.split(" "))
    return chance.choice([str.upper, str.lower, str.title])(spaced)


def _ellipsis(words: list[str], chance: random.Random) -> str:
    cut = chance.randint(4, len(words) - 5)
    return " ".join([*words[:cut], chance.choice(["...", "…", "[...]"]), *words[cut + 1 :]])


def _other_number(words: list[str], chance: random.Random) -> str | None:
    places = [n for n, word in enumerate(words) if re.search(r"\d", word)]
    if not places:
        return None
    place = chance.choice(places)
    digits = [n for n, letter in enumerate(words[place]) if letter.isdigit()]
    at = chance.choice(digits)
    other = chance.choice([digit for digit in "123456789" if digit != words[place][at]])
    changed = words[place][:at] + other + words[place][at + 1 :]
    return " ".join([*words[:place], changed, *words[place + 1 :]])


def _negated(words: list[str], chance: random.Random) -> str:
    place = chance.randint(1, len(words) - 1)
    return " ".join([*words[:place], chance.choice(NEGATIONS), *words[place:]])


def _other_word(words: list[str], chance: random.Random) -> str | None:
    places = [n for n, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not places:
        return None
    place = chance.choice(places)
    other = chance.choice(["harbor", "Tuesday", "Maria", "increase", "contract", "approve"])
    return " ".join([*words[:place], other, *words[place + 1 :]])


def _shuffled(words: list[str], chance: random.Random) -> str:
    return " ".join(chance.sample(words, len(words)))


CHANGES: dict[str, Callable[[list[str], random.Random], str | None]] = {
    "verbatim": lambda words, chance: " ".join(words),
    "typography": _noise,
    "ellipsis": _ellipsis,
    "number": _other_number,
    "negation": _negated,
    "word": _other_word,
    "shuffled": _shuffled,
}


def outcomes(found: Grounding, quoted: Iterator[Quote]) -> tuple[Counter[str | None], list[float]]:
    """How the quotes were matched, and the seconds each took; the claimed page is often wrong."""
    matches: Counter[str | None] = Counter()
    seconds = []
    for number, (page, quote) in enumerate(quoted):
        claimed = [page, None, page % PAGES + 1][number % 3]
        began = time.process_time()
        evidence = found.verify(quote, claimed)
        seconds.append(time.process_time() - began)
        matches[evidence.match if evidence else None] += 1
    return matches, seconds


def main() -> None:
    pages = document()
    began = time.process_time()
    found = index(pages)
    size = sum(len(page.text) for page in pages) / 1e6
    print(f"{PAGES} pages, {size:.1f} MB: index {time.process_time() - began:.2f} s")
    found.verify("words that are not in this text and never were", None)
    print(
        f"{'of ' + str(QUOTES):12}{'verbatim':>9}{'close':>7}{'none':>6}{'mean ms':>9}{'p95 ms':>8}"
    )
    for case in CASES:
        matches, seconds = outcomes(found, quotes(pages, case))
        p95 = sorted(seconds)[int(len(seconds) * 0.95)] * 1000
        mean = statistics.mean(seconds) * 1000
        print(
            f"{case:12}{matches['verbatim']:9}{matches['close']:7}{matches[None]:6}"
            f"{mean:9.2f}{p95:8.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
