"""Facts of a contract: its parties, subject, date, term, notice period and sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from documents.pipeline.analysis.offline.facts import amounts, dates, text
from documents.pipeline.analysis.offline.facts.text import Line, PaperText
from documents.pipeline.analysis.offline.patterns import one_of
from documents.pipeline.analysis.schema import Evidence, Fact, FactName

HEAD = 30  # lines in which the parties are named
MOST_SUMS, LONGEST_NAME = 4, 80

BETWEEN = re.compile(
    r"(?<!\w)(?:between|by and between|zwischen|entre(?: les soussignés)?|tra|fra|tussen|pomiędzy"
    r"|między|mezi|между|mellan|mellem)(?!\w)\s*:?\s*",
    re.IGNORECASE,
)
# Where the parties are done and the paper begins.
DONE = re.compile(
    r"(?<!\w)(?:it is agreed|the parties agree|wird folgender|il a été convenu|si conviene"
    r"|cláusulas|whereas|as follows|wie folgt|ce qui suit|§ ?1|article 1"
    r"|art\. 1|článek 1|1\.)(?!\w)",
    re.IGNORECASE,
)
AND = re.compile(r"(?:^|(?<=[\s,;)»\"”]))(?:and|und|et|y|e|en|a|i|oraz|og|och|и)\s+(?=\S)")
PART = re.compile(r"(?:De una parte|De otra parte|Da una parte|Dall'altra parte|D'une part),?\s+")
LEAD = re.compile(
    r"(?:\(\w\)|\d[.)]|[-–•]|the|dem|der|den|die|das|il sig\.|la sig\.ra|panem"
    r"|panią|herrn|frau)\s+",
    re.I,
)
# The dots of "e. V." belong to the name.
NAME_ENDS = re.compile(r"\s?(?:[(,;\n\r]|\"|“|«|- )|(?<! e)(?<! V)\.\s|(?<! V)\.$")
DURATION = re.compile(
    # "That day" and "each month" are no durations.
    r"(?<!\w)(?!(?:is|are|be|was|to|that|this|the|each|every|any|per|same|last|next|of|on|calendar|dem|den|der|pro"
    r"|jeden|jedem|diesem|chaque|par|cada|al|ogni|del|per|elke|każdy|každý) )"
    r"(?:(?:\d{1,3}|[^\W\d_]{2,14})(?: \(\d{1,3}\))? (?:calendar )?"
    r"(?:days?|weeks?|months?|years?|tag(?:en?)?|wochen?|monat(?:en?)?|jahr(?:en?)?|jours?|semaines?"
    r"|mois|ans?|années?|días?|semanas?|mes(?:es)?|años?|giorni|settimane|mesi?|anni|anno|dias"
    r"|anos?|dagen|weken|maand(?:en)?|jaar|jaren|dni|tygodni|miesi[ęą]c[eyai]*|lat[a]?|rok[uy]?|let"
    r"|měsíc[eůi]*|dnů|дней|месяц[аев]*|года?|лет)|unbestimmte zeit|durée indéterminée"
    r"|tiempo indefinido|tempo indeterminato|onbepaalde tijd|czas nieokreślony|dobu neurčitou"
    r"|indefinite period)(?![\w])['’]?",
    re.IGNORECASE,
)
TERM = re.compile(
    rf"""(?<!\w){
        one_of(
            '''
        term, runs for, is let for, is leased for, is rented for, lasts for, for a period of,
        in force for, duration, period of, laufzeit, vertragsdauer, mietzeit, läuft,
        dauer, durée, duración, plazo, durata, duração, prazo, duur, looptijd, okres, czas, doba,
        dobu, срок
        '''
        )
    }(?!\w)""",
    re.IGNORECASE,
)
NOTICE = re.compile(
    rf"""(?<!\w){
        one_of(
            '''
        notice, kündigungsfrist, gekündigt, frist von, préavis, preaviso, aviso previo, preavviso,
        pré-aviso, aviso prévio, opzegtermijn, wypowiedzenia, výpovědní, уведомив
        '''
        )
    }(?!\w)""",
    re.IGNORECASE,
)


def find(paper: PaperText) -> Iterator[Fact]:
    yield from _parties(paper)
    if dated := _dated(paper):
        yield dated
    yield from _periods(paper)
    yield from islice(sums(paper), MOST_SUMS)


def _parties(paper: PaperText) -> Iterator[Fact]:
    head = paper.lines[:HEAD]
    named = [(line, match.end()) for line in head if (match := PART.match(line.text))]
    if len(named) >= 2:
        for line, skip in named:
            if found := _party(line.page.text, line.start + skip, line.end):
                yield found
        return
    for line in head:
        between = BETWEEN.search(line.text)
        if between:
            yield from _both(line, line.start + between.end())
            return


def _both(line: Line, begin: int) -> Iterator[Fact]:
    """Who stands on both sides of the first "and" that has a name on either."""
    page = line.page.text
    done = DONE.search(page, begin, begin + 700)
    end = done.start() if done else min(len(page), begin + 700)
    first = _party(page, begin, end, line.page.number)
    if first is None:
        return
    name_end = first.evidence[0].end
    for divider in AND.finditer(page, name_end, end):
        second = _party(page, divider.end(), end, line.page.number)
        if second:
            yield from (first, second)
            return


def _party(page: str, begin: int, end: int, number: int = 1) -> Fact | None:
    while begin < end and page[begin].isspace():
        begin += 1
    while lead := LEAD.match(page, begin, end):
        begin = lead.end()
    ends = NAME_ENDS.search(page, begin, end)
    last = ends.start() if ends else end
    and_ = AND.search(page, begin, last)
    last = and_.start() if and_ else last
    name = page[begin:last].rstrip()
    if not name or not name[0].isupper() or len(name) > LONGEST_NAME:
        return None
    evidence = Evidence(number, begin, begin + len(name), name, "verbatim")
    return Fact("parties", " ".join(name.split()), None, [evidence])


def _dated(paper: PaperText) -> Fact | None:
    """A date in the head or at the signature; not one on which something begins or ends."""
    for line in [*paper.lines[:12], *paper.lines[-6:]]:
        if DATED.search(line.text):
            for found in dates.find(line.page.text, line.start, line.end, paper.language):
                return text.fact("date", line, found.start, found.end, found.iso)
    return None


DATED = re.compile(
    r"(?<!\w)(?:dated?|made on|made this|signed on|vom|geschlossen am|fait (?:à|le)|en \w+, a"
    r"|fatto a|stipulato il|firmado|gedaan te|w dniu|dne|от)(?!\w)",
    re.IGNORECASE,
)


def _periods(paper: PaperText) -> Iterator[Fact]:
    """The term and the notice period: of several durations the one next to the word."""
    found: set[FactName] = set()
    for index in range(len(paper.sentences)):
        sentence = paper.sentences.without_bullet(index)
        words = sentence.quote
        durations = list(islice(DURATION.finditer(words), 6))
        if not durations:
            continue
        notice = NOTICE.search(words)
        for name, cue in (("notice", notice), ("term", None if notice else TERM.search(words))):
            if cue and name not in found:
                nearest = _nearest(durations, cue.start())
                found.add(name)  # type: ignore[arg-type]
                value = " ".join(nearest.group().rstrip("'’").split())
                yield Fact(name, value, None, [sentence])  # type: ignore[arg-type]


def _nearest(durations: list[re.Match[str]], place: int) -> re.Match[str]:
    return min(durations, key=lambda each: abs(each.start() - place))


def sums(paper: PaperText) -> Iterator[Fact]:
    """Amounts that name their currency, or have its sign, each once."""
    seen: set[str] = set()
    told = amounts.of_paper("\n".join(line.text for line in paper.lines), paper.language)
    for index in range(len(paper.sentences)):
        sentence = paper.sentences.without_bullet(index)
        for amount in amounts.find(sentence.quote, 0, len(sentence.quote), told):
            value = " ".join(sentence.quote[amount.start : amount.end].split())
            # Whose dollars they are may be said nowhere.
            normalized = amount.normalized(None)
            key = normalized or value
            if amount.sign and (normalized or amount.sign == "$") and key not in seen:
                seen.add(key)
                yield Fact("sums", value, normalized, [sentence])
