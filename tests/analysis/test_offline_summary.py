"""What a text is about: its summary, its topics, its tone and its language."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline import material, sentences

from .offline_reading import analyze, pages

NEWS = (
    "The harbour council voted on Monday to repair the north quay wall after engineers found"
    " cracks along twelve metres of it. The repair will cost about fifty thousand euros and is"
    " expected to last until autumn. Fishermen had warned for years that the quay wall was sinking."
    " A council engineer said the cracks had doubled since spring. The harbour will stay open while"
    " the wall is repaired. Ferries to the island are not affected by the work. The weather was"
    " sunny on Monday. Children ate ice cream on the beach. The council also approved a small"
    " budget for new benches. The quay wall was built in 1931 and last repaired in 1987."
)
BILL = "\n\n".join(
    [
        "SECTION 1. SHORT TITLE.",
        "    This Act may be cited as the ``Harbour Walls Repair Act''.",
        "SEC. 2. GRANTS FOR THE REPAIR OF HARBOUR WALLS.",
        "    (a) In General.--The Secretary shall award grants to eligible harbour authorities for"
        " the repair of harbour walls that are in danger of collapse.",
        "    (b) Amount.--A grant under this section may not exceed fifty percent of the cost of"
        " the"
        " repair of the harbour wall.",
        "    (c) Report.--Each harbour authority that receives a grant shall report to the"
        " Secretary"
        " on the condition of its harbour walls once a year.",
    ]
)


def test_a_short_news_story_is_told_in_three_of_its_sentences():
    findings = analyze(NEWS)
    assert len(findings.key_points) == 3
    assert findings.summary == " ".join(point.text for point in findings.key_points)
    assert findings.key_points[0].text.startswith("The harbour council voted")
    assert "ice cream" not in findings.summary


def test_key_points_stand_in_the_order_of_the_document():
    starts = [point.evidence[0].start for point in analyze(NEWS).key_points]
    assert starts == sorted(starts)


def test_a_long_document_gets_a_longer_summary_but_no_endless_one():
    told = [
        f"In year {n} the harbour authority number {n % 17} spent item{n % 91} on quay{n % 53}."
        f" The inspectors of ward {n % 29} found fault{n % 71} in the wall of pier{n % 37}."
        for n in range(800)
    ]
    words = len(analyze(" ".join(told)).summary.split())
    assert 80 <= words <= 190


def test_the_short_title_of_a_bill_is_not_its_summary():
    findings = analyze("\n\n".join([BILL] * 6))
    assert "may be cited" not in findings.summary
    assert "SHORT TITLE" not in findings.summary
    assert "grants to eligible harbour authorities" in findings.summary


def test_the_same_sentence_is_not_told_twice():
    texts = [point.text for point in analyze((NEWS + " ") * 5).key_points]
    assert len(texts) == len(set(texts))


def test_topics_are_few_distinct_and_in_the_text():
    topics = [topic.label for topic in analyze(NEWS).topics]
    assert 3 <= len(topics) <= 8
    assert any("quay" in label or "wall" in label for label in topics)
    assert all(label.lower() in NEWS.lower() for label in topics)
    assert len(topics) == len({label.lower() for label in topics})


def test_people_are_no_topics():
    text = "Present: Maria, Tom\n\nMaria spoke. Maria and Tom left early. Tom paid the harbour fee."
    assert not {"maria", "tom"} & {topic.label.lower() for topic in analyze(text).topics}


GOOD = "The team did excellent work and the visitors were very happy with the result."
BAD = "The storm was a terrible disaster and the damage to the old wall is awful."
PLAIN = "The committee met in the hall on the first floor of the building that day."


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (f"{GOOD} {GOOD} {PLAIN}", "positive"),
        (f"{BAD} {BAD} {PLAIN}", "negative"),
        (f"{PLAIN} {PLAIN} {PLAIN}", "neutral"),
        (f"{GOOD} {BAD} {PLAIN}", "mixed"),
    ],
)
def test_tone_is_the_mean_of_the_sentences(text, label):
    assert analyze(text).sentiment.label == label


def test_mixed_tone_shows_its_best_and_its_worst_sentence():
    sentiment = analyze(f"{PLAIN} {GOOD} {BAD}").sentiment
    assert [evidence.quote for evidence in sentiment.evidence] == [GOOD, BAD]
    assert "word-list estimate" in sentiment.rationale
    assert sentiment.score is not None
    assert -1 <= sentiment.score <= 1


def test_tone_is_not_assessed_in_other_languages():
    sentiment = analyze(
        "Der Vorstand hat beschlossen, dass die Mauer repariert wird, und alle waren sehr"
        " zufrieden."
    ).sentiment
    assert (sentiment.label, sentiment.score, sentiment.evidence) == ("not_assessed", None, [])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council agreed that the wall would be repaired before the end of the year."),
        (
            "de",
            "Der Vorstand hat beschlossen, dass die Mauer vor dem Ende des Jahres repariert wird.",
        ),
        (
            "fr",
            "Le conseil a décidé que le mur sera réparé avant la fin de l'année et il est content.",
        ),
        (
            "es",
            "El consejo ha decidido que el muro será reparado antes del fin de año y está"
            " contento.",
        ),
        (
            "it",
            "Il consiglio ha deciso che il muro sarà riparato prima della fine dell'anno e non"
            " dopo.",
        ),
        (
            "nl",
            "Het bestuur heeft besloten dat de muur voor het einde van het jaar wordt hersteld.",
        ),
        (
            "pl",
            "Rada zdecydowała, że mur zostanie naprawiony przed końcem roku, ale nie wiadomo"
            " przez kogo.",
        ),
        (
            "pt",
            "O conselho decidiu que o muro será reparado antes do fim do ano e não depois do"
            " verão.",
        ),
        ("ru", "Совет решил, что стена будет отремонтирована до конца года, но не раньше весны."),
        ("ar", "قرر المجلس أن يتم إصلاح الجدار قبل نهاية هذا العام ولكن ليس قبل الربيع."),
        ("he", "המועצה החליטה כי הקיר יתוקן לפני סוף השנה, אבל לא לפני האביב."),
        ("ja", "委員会は来月までに壁を修理することを決定しました。費用は約五万ユーロです。"),
        ("zh", "委员会决定在年底之前修复码头的墙。费用约为五万欧元。"),
        ("ko", "위원회는 연말까지 벽을 수리하기로 결정했습니다. 비용은 약 오만 유로입니다."),
        (None, "Budget 2026"),
        (None, "12345 67890"),
    ],
)
def test_the_language_is_told_by_script_and_small_words(language, text):
    assert analyze(text).language == language


def test_the_language_asked_for_is_recorded_where_the_text_tells_none():
    assert analyze("Budget 2026", language="fr").language == "fr"


@pytest.mark.parametrize(
    "sentence",
    [
        "委员会决定在年底之前修复码头的墙。码头的墙有裂缝。工程师检查了码头。费用约为五万欧元。天气很好。孩子们在吃冰淇淋。",
        "قرر المجلس إصلاح جدار الميناء. وجد المهندس شقوقا في الجدار. التكلفة كبيرة. الطقس جميل."
        " يأكل الأطفال.",
        "Совет решил отремонтировать стену. Инженер нашёл трещины в стене. Погода была хорошая."
        " Дети ели мороженое.",
    ],
)
def test_every_script_gets_a_summary_of_whole_sentences(sentence):
    findings = analyze(sentence)
    assert findings.key_points
    assert len(findings.summary) < len(sentence)
    assert all(point.text[-1] in "。." for point in findings.key_points)


def test_small_talk_opens_no_summary():
    turns = [
        "Anna: Okay , um , so good morning everybody .",
        "Ben: Good morning .",
        "Anna: Our task is to design a new remote control that is original and easy to use .",
        "Ben: Yeah .",
        "Ben: People only use ten percent of the buttons of their remote control at home .",
        "Anna: We decided that the price of the remote control will be twenty five euros .",
        "Ben: Mm-hmm .",
        "Anna: The case will be made of rubber because it is soft and does not break .",
    ]
    points = [point.text for point in analyze("\n".join(turns)).key_points]
    assert points[0] == turns[2]
    assert not {turns[0], turns[1], turns[3], turns[6]} & set(points)


def test_a_sentence_that_the_end_of_a_page_divides_is_not_shown_in_parts():
    opening = "The committee discussed the harbor lights at length in its meeting of May."
    pages = [
        f"{opening} The lights need repair before the winter storms. Maria will send the survey by",
        "20 March to the insurer of the harbor. The harbor lights were paid from the budget.",
    ]
    summary = analyze(*pages).summary
    assert "survey by" not in summary
    assert "20 March" not in summary
    assert "harbor lights" in summary


CONTENTS = "\n".join(f"1.{n} What is part {n} of it? . . . . . {n}" for n in range(1, 9))
PROSE = " ".join(f"Item{n} of the harbour{n % 7} stands on quay{n % 11}." for n in range(120))


def is_no_material(*texts):
    """Whether the first sentence is kept out of every summary."""
    found = sentences.read(pages(*texts))
    material.mark(found)
    return bool(found.kind(0) & sentences.NO_MATERIAL)


def test_a_page_of_contents_is_left_out_with_the_second_halves_of_its_entries():
    assert is_no_material(f"Why choose this one rather than another?\n\n{CONTENTS}", PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "12 3.2.3 I’m using Knoppix and now I want to use Debian.",
        "1.1 No Inicio .",
        "11.10Как включить самостоятельно собранный пакет?",
        "GNU/Linux e altre) e sul progetto Debian.",
        "in the harbour-doc package and",
        "Šis dokumentas gali būti laisvai platinamas ar modifikuojamas.",
        "이문서를유료또는무료배포할수있다.",
        "WRITTEN BY 15 февраля 2023 г.",
    ],
)
def test_no_summary_has_a_line_of_contents_a_cut_sentence_or_a_notice(line):
    assert is_no_material(f"{line}\n\n{PROSE}")


def test_the_authors_of_a_long_document_are_not_its_summary():
    line = "Josip Rodin, Osamu Aoki, Helge Kreutzmann, Tobias Quathamer, Erik Schanze, Ann Fox,"
    line += " Eduard Bloch and Craig Small"
    assert is_no_material(f"{line}\n\n{PROSE}")


def test_an_english_notice_in_front_does_not_make_the_page_english():
    notice = "Permission is granted to make and to give away copies of this document. " * 8
    body = "Dieses Dokument beantwortet häufige Fragen über den Hafen und seine Mauern. " * 40
    findings = analyze(f"{notice}\n\n{body}")
    assert findings.language == "de"
    assert findings.summary.startswith("Dieses Dokument")
    assert findings.other_languages == []


def test_a_script_that_no_table_has_is_no_language():
    assert analyze("இயன் முர்டோக், டெபியன் திட்டத்தின் நிறுவனர், காலமானார். " * 4).language is None
