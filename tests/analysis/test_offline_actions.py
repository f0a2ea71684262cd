"""Who should do what until when: found, left alone, and measured on labelled documents."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline.actions import due_dates

from .offline_reading import analyze, labelled

MINUTES = "Minutes of the meeting of 3 March 2026\n\n"


def only_action(text):
    (action,) = analyze(text).actionable_items
    return action


def tasks(text):
    return [action.task for action in analyze(text).actionable_items]


def matched(document):
    """Expected actions found, all found, all expected."""
    left = list(analyze(document.text).actionable_items)
    found_in_all, hits = len(left), 0
    for expected in document.actions:
        at = document.text.index(expected.snippet)
        hit = next((a for a in left if a.evidence[0].start <= at < a.evidence[0].end), None)
        if hit:
            left.remove(hit)
            hits += 1
    return hits, found_in_all, len(document.actions)


@pytest.mark.parametrize("folder", ["tuned", "held_out"])
def test_three_of_four_actions_are_found_and_three_of_four_found_are_actions(folder):
    hits, found, expected = map(sum, zip(*map(matched, labelled(folder)), strict=True))
    assert hits / found >= 0.75
    assert hits / expected >= 0.75


def test_there_are_enough_labelled_actions_and_a_third_is_held_out():
    tuned, held_out = labelled("tuned"), labelled("held_out")
    assert len(tuned) + len(held_out) >= 12
    assert sum(len(d.actions) for d in tuned + held_out) >= 60
    assert len(held_out) * 3 >= len(tuned) + len(held_out)


@pytest.mark.parametrize("folder", ["tuned", "held_out"])
def test_nine_of_ten_found_actions_name_the_right_person_and_date(folder):
    right = total = 0
    for document in labelled(folder):
        actions = analyze(document.text).actionable_items
        for expected in document.actions:
            at = document.text.index(expected.snippet)
            for action in (a for a in actions if a.evidence[0].start <= at < a.evidence[0].end):
                person = (action.assignee or "") == expected.assignee
                right += person and (action.due_date or "") == expected.due_date
                total += 1
                break
    assert right / total >= 0.9


def test_a_promise_names_the_person_the_task_and_the_date():
    action = only_action(MINUTES + "Maria will send the survey to the insurer by 20 March 2026.")
    assert action.task == "Send the survey to the insurer"
    assert action.assignee == "Maria"
    assert action.due_text == "by 20 March 2026"
    assert action.due_date == "2026-03-20"
    assert action.priority == "unspecified"


@pytest.mark.parametrize(
    ("sentence", "task", "assignee"),
    [
        ("ACTION: Omar to repair the gate.", "Repair the gate", "Omar"),
        ("TODO: order new keys", "Order new keys", None),
        ("[ ] Order new keys", "Order new keys", None),
        ("- Lena: order new keys", "Order new keys", "Lena"),
        ("Could you please order new keys?", "Order new keys", None),
        ("Let's order new keys this spring.", "Order new keys this spring", None),
        ("We should also order new keys.", "Order new keys", None),
        ("Will order new keys.", "Order new keys", None),
        ("Order the new keys from the shop.", "Order the new keys from the shop", None),
        ("Tom agreed to order new keys.", "Order new keys", "Tom"),
        ("The treasurer was asked to pay the bill.", "Pay the bill", "The treasurer"),
        ("Order new keys for the shed (Nora).", "Order new keys for the shed", "Nora"),
    ],
)
def test_every_way_of_asking_is_understood(sentence, task, assignee):
    action = only_action(MINUTES + sentence)
    assert (action.task, action.assignee) == (task, assignee)


@pytest.mark.parametrize(
    "sentence",
    [
        "Tom had ordered new keys in March.",
        "We would have ordered new keys.",
        "It might rain in the afternoon.",
        "The next meeting will be held on 8 June 2026.",
        "Prices will rise in summer.",
        "Please find attached the slides.",
        "Let me know if you have any questions.",
        "[x] Order new keys",
        "Let's move on.",
        "Farmers will adapt their crops.",
    ],
)
def test_the_past_the_possible_and_the_polite_ask_for_nothing(sentence):
    assert tasks(MINUTES + sentence) == []


def test_two_promises_in_one_sentence_are_two_actions():
    found = analyze(
        MINUTES + "Ines agreed to draw up a list of wishes, and Omar is going to take photographs."
    ).actionable_items
    assert [(a.assignee, a.task) for a in found] == [
        ("Ines", "Draw up a list of wishes"),
        ("Omar", "Take photographs"),
    ]


def test_a_table_of_actions_is_read_by_its_columns():
    found = analyze(
        "| Owner | Task | Due | Status |\n|---|---|---|---|\n"
        "| Ravi | Fix the refunds | 2026-05-19 | open |\n| Chen | Write the guide | May | done |\n"
    ).actionable_items
    assert [(a.task, a.assignee, a.due_date) for a in found] == [
        ("Fix the refunds", "Ravi", "2026-05-19")
    ]


def test_in_a_mail_the_writer_is_who_says_i():
    action = only_action("From: Hanna\nSubject: Stand\n\nHi Karl,\n\nI will book the hotel.\n")
    assert (action.task, action.assignee) == ("Book the hotel", "Hanna")


def test_in_a_conversation_the_speaker_is_who_says_i_but_not_who_is_asked():
    found = analyze(
        "Anna: Good morning.\nBea: Good morning to you.\nAnna: I'll draw two versions.\n"
        "Bea: Please send them to the printer.\nAnna: Fine.\nBea: See you."
    ).actionable_items
    assert ("Draw two versions", "Anna") in [(a.task, a.assignee) for a in found]
    assert ("Send them to the printer", None) in [(a.task, a.assignee) for a in found]


@pytest.mark.parametrize(
    ("words", "priority"),
    [
        ("urgent", "high"),
        ("ASAP", "high"),
        ("high priority", "high"),
        ("medium priority", "medium"),
        ("low priority", "low"),
        ("not urgent", "low"),
        ("for the hall", "unspecified"),
    ],
)
def test_priority_comes_from_words_only(words, priority):
    assert only_action(MINUTES + f"TODO: order new keys, {words}").priority == priority


@pytest.mark.parametrize(
    ("text", "due_text", "due_date"),
    [
        ("Pay by 2027-03-31.", "by 2027-03-31", "2027-03-31"),
        ("Pay before 31 March 2027.", "before 31 March 2027", "2027-03-31"),
        ("Pay by March 31st, 2027.", "by March 31st, 2027", "2027-03-31"),
        ("Pay no later than 1st of May 2027", "no later than 1st of May 2027", "2027-05-01"),
        ("Pay by 3/4/2027.", "by 3/4/2027", None),
        ("Pay by 31 February 2027.", "by 31 February 2027", None),
        ("Pay by 31 March.", "by 31 March", None),
        ("Pay by Friday.", "by Friday", None),
        ("Pay by the end of May.", "by the end of May", None),
        ("Begin from 15 November 2026.", "from 15 November 2026", None),
        ("Pay as soon as possible.", "as soon as possible", None),
    ],
)
def test_a_date_is_given_only_where_the_text_is_plain(text, due_text, due_date):
    due = due_dates.find(text)
    assert due is not None
    assert (due.text, due.date) == (due_text, due_date)
    assert " ".join(text[due.start : due.end].split()) == due_text


def test_a_month_spelled_with_a_long_s_is_that_month():
    due = due_dates.find("Pay by 3 \u017feptember 2027.")
    assert due is not None
    assert due.date == "2027-09-03"


def test_nothing_due_is_no_date():
    assert due_dates.find("The wall was built in 1952.") is None


def test_a_report_names_somebody_who_must_do_something_by_a_day():
    described = "The pier was built in 1960. Its traffic has grown by a tenth each year.\n\n" * 8
    due = "Ines Okafor must send the dredging report to the board by 16 March 2027.\n\n"
    (action,) = analyze(f"{described}{due}Members must be careful.").actionable_items
    assert (action.assignee, action.due_date) == ("Ines Okafor", "2027-03-16")


def test_a_report_that_only_describes_has_no_actions():
    text = "\n".join(
        f"In year {n} the station recorded {n} storms. We must thank the farmers."
        for n in range(30)
    )
    assert tasks(text) == []


def test_marks_are_understood_in_other_languages():
    text = (
        "Protokoll der Sitzung des Vereins vom 3. März. Der Vorstand hat die Lage besprochen.\n\n"
        "Aufgabe: Karin fragt die Versicherung nach dem Schaden\n"
    )
    assert tasks(text) == ["Karin fragt die Versicherung nach dem Schaden"]


@pytest.mark.parametrize(
    "line",
    [
        '>>> print(json.dumps(parse("harbour")))',
        "Refuse to compress files with the sticky bit.",
        "LISTofCOLORITEM to hold items",
    ],
)
def test_what_speaks_of_programs_is_nobodys_task(line):
    prose = "The harbour wall was built of stone and stands on the rock. " * 3
    assert analyze(f"{prose}\n\n{line}\n\n{prose}").actionable_items == []


def test_an_order_and_a_comma_name_nobody():
    tasks = analyze("Remember, please send the plans of the harbour by Friday.").actionable_items
    assert [item.assignee for item in tasks] == [None]
