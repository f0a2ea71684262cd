"""Fragments: what no summary begins with, as a part of it stands elsewhere."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline import fragments, notices, sentences
from documents.pipeline.analysis.offline.fragments import Writing

from .offline_reading import analyze, pages

PROSE = Writing(ends_sentences=True, has_capitals=True)
JAPANESE = Writing(is_latin=False)


def is_fragment(text, writing=PROSE):
    read = sentences.read(pages(text))
    return fragments.is_fragment(read, 0, writing)


@pytest.mark.parametrize(
    ("text", "writing"),
    [
        ("Post-build tests can be turned on and off by assigning it to the variables,", PROSE),
        ("(personer, händelser och andra) i en databas, och genererar rapporter.", PROSE),
        ("David Jahshan, Phil Hutchinson, Melroy van den Berg.", PROSE),
        ("を用いてパッケージのインストールや削除をする時間です。", JAPANESE),
        ("The White Rabbit put on his spectacles.", JAPANESE),
    ],
)
def test_a_part_of_a_sentence_is_a_fragment(text, writing):
    assert is_fragment(text, writing)


@pytest.mark.parametrize(
    ("text", "writing"),
    [
        ("The wall of the harbour is old, and the town repairs it.", PROSE),
        ("Rosa, Tom and Lena repair the wall of the harbour.", PROSE),
        ("このパッケージを用いて Debian をインストールします。", JAPANESE),
    ],
)
def test_a_whole_sentence_is_none(text, writing):
    assert not is_fragment(text, writing)


def test_the_rest_of_a_line_that_has_no_end_is_no_beginning():
    broken = "Este documento dá as perguntas feitas com frequência acerca desta distribuição\n"
    told = "Debian e outras a sobre o projecto.\n\n"
    whole = (
        "O manual explica a instalação. Ele tem dez capítulos. O leitor aprende a usar o sistema."
    )
    findings = analyze(f"{broken}{told}{whole}")
    assert not findings.summary.startswith("Debian e outras")


@pytest.mark.parametrize(
    "notice",
    [
        "本文档中出现的所有商标归其持有人所有。",
        "Das LinuxCNC-Projekt ist nicht mit UBUNTU® verbunden.",
        "Copyright 2026 by the authors.",
    ],
)
def test_a_trademark_is_a_notice(notice):
    assert notices.is_notice(notice)


def test_where_translations_are_is_no_news():
    assert notices.TRANSLATED.match("Aktualisierte Übersetzungen sind online verfügbar.")
    assert not notices.TRANSLATED.match("The board praised the translations of the novel.")
