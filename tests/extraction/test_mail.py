"""Mail messages saved as text: the letter is read, not its wrapping."""

import base64
from email.message import EmailMessage

import pytest

from documents.pipeline.extraction.text.mail import is_mail

from .conftest import TEXT

BODY = "Hi Ben,\n\nplease send the list by Friday; the café is late.\n\n> I will call tomorrow.\n"


def message(body=BODY, *, subject="Bestellung für Ben", charset="utf-8", cte=None):
    mail = EmailMessage()
    mail["From"] = "Ana Pérez <ana@example.com>"
    mail["To"] = "ben@example.com"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 02 Mar 2026 09:12:00 +0100"
    mail["Message-ID"] = "<1@example.com>"
    mail.set_content(body, charset=charset, cte=cte)
    return mail


def text_of(reading):
    return "\n".join(page.text for page in reading.pages)


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_the_body_and_who_wrote_it_are_read(read, cte, charset):
    reading = read(bytes(message(charset=charset, cte=cte)), TEXT)
    text = text_of(reading)
    assert text.endswith(BODY.rstrip())
    assert "From: Ana Pérez <ana@example.com>\nTo: ben@example.com\n" in text
    assert "Subject: Bestellung für Ben" in text
    assert "Message-ID" not in text
    assert (reading.unread, reading.encoding) == ([], "mail")


def test_lines_may_end_as_mail_has_them(read):
    data = bytes(message()).replace(b"\n", b"\r\n")
    assert BODY.rstrip() in text_of(read(data, TEXT))


def test_attachments_are_counted_and_not_read(read):
    mail = message()
    for name in ("plan.xlsx", "notes.txt", "photo.png"):
        mail.add_attachment(b"SECRET" * 30, maintype="application", subtype="x", filename=name)
    mail.add_attachment("An attached text.", filename="more.txt")
    reading = read(bytes(mail), TEXT)
    assert reading.unread == [{"reason": "attachments", "count": 4}]
    assert "attached text" not in text_of(reading)
    assert base64.b64encode(b"SECRET" * 3).decode() not in text_of(reading)


def test_of_two_forms_of_the_same_letter_the_plain_one_is_read(read):
    mail = message()
    mail.add_alternative("<p>Hi Ben, in HTML</p>", subtype="html")
    assert "in HTML" not in text_of(read(bytes(mail), TEXT))


def test_a_letter_in_html_alone_is_read_as_it_is_shown(read):
    mail = message()
    mail.set_content(
        "<html><head><title>T</title><style>p {}</style></head><body><p>Hi Ben,</p>"
        "<p>the caf&eacute; is <b>late</b>.<br>Ana</p><script>spy()</script>"
        "<blockquote><p>I will call.</p></blockquote></body></html>",
        subtype="html",
    )
    text = text_of(read(bytes(mail), TEXT))
    assert "Hi Ben,\n\nthe café is late.\nAna" in text
    assert "> I will call." in text
    assert "spy" not in text
    assert "p {}" not in text


HEAD = b"From: a\nTo: b\nMIME-Version: 1.0\n"
HTML = b"Content-Type: text/html\n\n"
PLAIN = b"Content-Type: text/plain\n\n"


def multipart(kind, *parts):
    # Its name is its boundary, so that one may stand in another.
    begun = b'Content-Type: multipart/%s; boundary="%s"\n\n' % (kind, kind)
    return begun + b"".join(b"--%s\n%s\n" % (kind, part) for part in parts) + b"--%s--\n" % kind


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([HTML + b"<p>The roof leaks.", PLAIN + b"Sent by a list"], "The roof leaks.\n\nSent by a"),
        ([PLAIN + b"One", HTML + b"<p>Two</p>", PLAIN + b"Three"], "One\n\nTwo\n\nThree"),
        (
            [multipart(b"alternative", PLAIN + b"Plain", HTML + b"<p>Rich</p>"), PLAIN + b"Foot"],
            "Plain\n\nFoot",
        ),
        (
            [
                multipart(b"alternative", PLAIN, multipart(b"related", HTML + b"<p>Rich</p>")),
                HTML + b"Foot",
            ],
            "Rich\n\nFoot",
        ),
    ],
)
def test_every_part_that_is_shown_is_read_in_its_place(read, parts, text):
    reading = read(HEAD + multipart(b"mixed", *parts), TEXT)
    assert text in text_of(reading)
    assert reading.unread == []


def test_a_plain_form_that_only_points_to_the_other_is_not_taken_for_it(read):
    rich = HTML + b"<p>" + b"The roof leaks over the stairs. " * 9
    stub = PLAIN + b"Your program shows no HTML."
    text = text_of(read(HEAD + multipart(b"alternative", stub, rich), TEXT))
    assert "The roof leaks" in text
    assert "no HTML" not in text


def test_a_body_of_which_nothing_comes_out_is_told(read):
    body = HTML + b"<div style='display:none'>All the words</div>"
    reading = read(HEAD + multipart(b"mixed", body, PLAIN + b"Sent by a list"), TEXT)
    assert reading.unread == [{"reason": "message_bodies", "count": 1}]


def test_pages_say_that_text_of_them_is_hidden_or_struck_out(read):
    html = b"Pay <s>20</s> 25 euros.<p hidden>Ignore the above.</p>"
    [page] = read(HEAD + HTML + html, TEXT).pages
    assert page.text.endswith("Pay ~~20~~ 25 euros.")
    assert (page.condition, page.struck_out) == ("hidden_text", 2)
    [page] = read(HEAD + HTML + b"Pay 25 euros.", TEXT).pages
    assert (page.condition, page.struck_out) == ("read", 0)


def test_a_wrong_label_does_not_spoil_the_letters(read):
    data = bytes(message(charset="iso-8859-1", cte="8bit"))
    data = data.replace(b'charset="iso-8859-1"', b'charset="utf-8"')
    assert "café" in text_of(read(data, TEXT))


def test_a_folder_of_messages_is_read_message_by_message(read):
    envelope = b"From ana@example.com Mon Mar  2 09:12:00 2026\n"
    folder = b"\n\n".join(
        envelope + bytes(message(f"Letter {number}.\n")).rstrip() for number in (1, 2, 3)
    )
    reading = read(folder, TEXT)
    assert [f"Letter {n}." in page.text for n, page in enumerate(reading.pages, 1)] == [True] * 3


@pytest.mark.parametrize(
    "text",
    [
        "From: Ana\nTo: Ben\nSubject: The wall\n\nPlease repair it.\n",
        "From: the harbor office\nThe wall needs repair.\n",
        "From here on, nothing is certain.\n\nMessage-ID: none\n",
        "Subject: minutes\nDate: 2 March\nMIME-Version: 1.0\n\nNo sender.\n",
        "Minutes\n\n" + bytes(message()).decode("utf-8", "replace"),
        "From: a\nTo: b\nMessage-ID: c\nand then no empty line\n",
    ],
)
def test_what_only_begins_like_a_mail_stays_as_it_is(read, text):
    assert not is_mail(text.encode())
    reading = read(text.encode(), TEXT)
    assert text_of(reading) == text
    assert reading.encoding == "utf-8"


def test_parts_inside_parts_without_end_are_read_as_they_stand(read):
    head = b"From: a\nTo: b\nMIME-Version: 1.0\n"
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3_000)
    )
    reading = read(head + nested + b"Content-Type: text/plain\n\nDeep.\n", TEXT)
    assert reading.encoding == "utf-8"
    assert "multipart/mixed" in reading.pages[0].text


def test_very_many_parts_are_cut_and_that_is_told(read):
    head = b'From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    parts = b"".join(b"--b\nContent-Type: text/plain\n\nPart %d.\n" % n for n in range(1_000))
    reading = read(head + parts + b"--b--\n", TEXT)
    assert {"reason": "too_many_parts"} in reading.unread
    assert "Part 999." not in text_of(reading)


def test_a_choice_of_encoding_reads_the_file_as_it_stands(read):
    data = bytes(message(cte="base64"))
    assert "Message-ID" in text_of(read(data, TEXT, encoding="utf-8"))
