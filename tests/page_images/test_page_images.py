"""A page as it looks: for its owner only, drawn once, gone with its document."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from documents import removal
from documents.models import Document, Page
from documents.originals import census, quarantine
from documents.page_images import cache, pictures, quotes, rendering_slots
from documents.pipeline.extraction import drawing, sandbox
from documents.uploads import intake
from tests import hostile_files

pytestmark = pytest.mark.django_db
LINES = "The quay wall was inspected on 12 March.\nIt needs repair before win-\nter comes."


@pytest.fixture(autouse=True)
def _forgetful() -> None:
    pictures._hopeless.clear()
    quotes._remembered.clear()


@pytest.fixture
def send(alice: User) -> Callable[..., Document]:
    """Upload a file; with the text of its first page, where one is given."""

    def send_(data: bytes, text: str = "", name: str = "quay.pdf") -> Document:
        document = intake.receive(alice, [SimpleUploadedFile(name, data)]).documents[0]
        if text:
            Page.objects.create(document=document, number=1, text=text, condition="read")
        return document

    return send_


@pytest.fixture
def letter(send: Callable[..., Document]) -> Document:
    return send(hostile_files.pages(LINES), LINES.replace("win-\nter", "winter"))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The widths that were drawn, as opposed to taken from the cache."""
    widths: list[int] = []

    def draw(data: bytes, number: int, width: int, **options: Any) -> bytes:
        widths.append(width)
        return b"\x89PNG of a page"

    monkeypatch.setattr(drawing, "draw", draw)
    return widths


def address(document: Document, page: int = 1, what: str = "image") -> str:
    return f"/documents/{document.pk}/pages/{page}/{what}"


def kept(settings: Any) -> list[Path]:
    return list(Path(settings.MEDIA_ROOT, "page-images").rglob("*.png"))


def test_a_page_is_sent_as_it_looks(api: APIClient, letter: Document) -> None:
    answer = api.get(address(letter), {"width": "160"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(answer.content)).size == (160, 226)


def test_a_page_image_is_drawn_once(api: APIClient, letter: Document, drawn: list[int]) -> None:
    first = api.get(address(letter))
    again = api.get(address(letter))
    assert first.content == again.content
    assert drawn == [960]


def test_who_has_it_already_is_sent_nothing(
    api: APIClient, letter: Document, drawn: list[int]
) -> None:
    tag = api.get(address(letter))["ETag"]
    answer = api.get(address(letter), HTTP_IF_NONE_MATCH=tag)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["Cache-Control"] == "private, no-cache"
    assert api.get(address(letter), {"width": "160"})["ETag"] != tag


@pytest.mark.parametrize("what", ["image", "boxes?quote=0-8"])
def test_bob_learns_nothing_of_pages_of_others(
    bobs_api: APIClient, api: APIClient, letter: Document, what: str
) -> None:
    assert api.get(address(letter, what=what)).status_code == 200
    tag = pictures.entity_tag(letter, 1, 960)
    assert bobs_api.get(address(letter, what=what), HTTP_IF_NONE_MATCH=tag).status_code == 404
    assert APIClient().get(address(letter, what=what)).status_code == 401


def test_pages_that_are_not_there_are_not_found(api: APIClient, letter: Document) -> None:
    for page in ("0", "2", "-1", "9999999999", "x", "٣"):
        assert api.get(address(letter, page)).status_code == 404, page


def test_a_text_has_no_looks(api: APIClient, upload: Callable[..., Document]) -> None:
    answer = api.get(address(upload()))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_only_a_few_widths_are_drawn(api: APIClient, letter: Document, drawn: list[int]) -> None:
    for width in ("161", "0", "x", "1600000", ""):
        answer = api.get(address(letter), {"width": width})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_width")
    assert not drawn


def test_a_file_that_kills_its_child_is_told_of_and_not_tried_again(
    api: APIClient, letter: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def die(*_: Any, **__: Any) -> float:
        tries.append(1)
        raise sandbox.ChildCrashed

    monkeypatch.setattr(sandbox, "run", die)
    for _ in range(3):
        answer = api.get(address(letter))
        assert (answer.status_code, answer.json()["code"]) == (422, "page_not_drawn")
    assert len(tries) == 1


def test_what_is_refused_again_and_again_takes_no_room() -> None:
    def fail() -> bytes:
        raise drawing.NotDrawn("no_such_page")

    told = []
    for _ in range(3):
        with pytest.raises(drawing.NotDrawn) as refusal:
            pictures.unless_hopeless(("page",), fail)
        told.append(refusal.value)
    assert len({id(each) for each in told}) == 3, "one exception would grow by each traceback"
    assert all(each.is_missing for each in told)


def test_what_is_no_longer_hopeless_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bytes:
        raise drawing.NotDrawn("no_picture")

    now = [100.0]
    monkeypatch.setattr(pictures.time, "monotonic", lambda: now[0])
    for name in ("first", "second", "first"):
        with pytest.raises(drawing.NotDrawn):
            pictures.unless_hopeless((name,), fail)
        now[0] += pictures.HOPELESS_SECONDS / 2
    with pytest.raises(drawing.NotDrawn):
        pictures.unless_hopeless(("third",), fail)
    assert list(pictures._hopeless) == [("first",), ("third",)]


def test_an_attack_costs_its_picture_and_nothing_else(
    api: APIClient, send: Callable[..., Document], letter: Document
) -> None:
    attack = send(hostile_files.laughs(), "Some text.", "attack.pdf")
    assert api.get(address(attack)).status_code in (200, 422)
    assert api.get(address(letter)).status_code == 200


def test_whoever_draws_much_waits_and_others_do_not(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering_slots, "PATIENCE", 0.01)
    monkeypatch.setattr(rendering_slots, "MOST", 3)
    with rendering_slots.slot(alice.pk), rendering_slots.slot(alice.pk):
        with pytest.raises(Exception, match="Too many pages"), rendering_slots.slot(alice.pk):
            pass
        with rendering_slots.slot(bob.pk):
            pass
    with rendering_slots.slot(alice.pk):
        pass
    assert not rendering_slots._drawing


# What is kept.


@pytest.mark.django_db(transaction=True)
def test_page_images_go_with_their_document(
    api: APIClient, letter: Document, drawn: list[int], settings: Any
) -> None:
    api.get(address(letter))
    assert len(kept(settings)) == 1
    removal.delete(letter)
    assert not kept(settings)
    assert api.get(address(letter)).status_code == 404


def test_a_page_drawn_while_its_document_is_deleted_is_not_kept(
    letter: Document, drawn: list[int], settings: Any
) -> None:
    Document.objects.filter(pk=letter.pk).delete()
    assert pictures.picture(letter, 1, 160)
    assert not kept(settings)


def test_what_is_kept_ends_at_a_limit_and_the_oldest_goes_first(
    letter: Document, send: Callable[..., Document], settings: Any
) -> None:
    settings.ATOM_PAGE_IMAGES_BYTES = 2_500
    old, new = letter, send(hostile_files.hello())
    cache.keep(old, "1-160-1.png", b"x" * 1_000)
    cache.keep(new, "1-160-1.png", b"x" * 1_000)
    cache.keep(new, "2-160-1.png", b"x" * 1_000)
    assert cache.read(old, "1-160-1.png") is None
    assert cache.read(new, "2-160-1.png")


def test_no_page_image_is_kept_where_none_may_be(
    api: APIClient, letter: Document, drawn: list[int], settings: Any
) -> None:
    settings.ATOM_PAGE_IMAGES_BYTES = 0
    assert api.get(address(letter)).status_code == 200
    assert not kept(settings)


def test_page_images_count_in_no_quota(api: APIClient, letter: Document, drawn: list[int]) -> None:
    letter.refresh_from_db()
    before = letter.stored_bytes
    api.get(address(letter))
    letter.refresh_from_db()
    assert letter.stored_bytes == before


def test_page_images_are_no_strays_and_those_of_nobody_are_removed(
    letter: Document, drawn: list[int], settings: Any
) -> None:
    pictures.picture(letter, 1, 160)
    stray = Path(settings.MEDIA_ROOT, "page-images", "00000000-0000-4000-8000-000000000000")
    stray.mkdir()
    (stray / "1-160-1.png").write_bytes(b"x")
    found = census.take()
    assert (found.known, found.unknown) == (1, [])
    assert quarantine.keep() == 0
    assert cache.trim() == 1
    assert [path.parent.name for path in kept(settings)] == [str(letter.pk)]


# Where quotes stand.


def boxes(api: APIClient, document: Document, *quoted: str) -> list[list[dict[str, float]]]:
    text = document.pages.get(number=1).text
    places = [f"{text.index(quote)}-{text.index(quote) + len(quote)}" for quote in quoted]
    answer = api.get(address(document, what="boxes"), {"quote": places})
    assert answer.status_code == 200, answer.content
    return [found["boxes"] for found in answer.json()["quotes"]]


def test_a_quote_has_a_box_on_each_of_its_lines(api: APIClient, letter: Document) -> None:
    one, two = boxes(api, letter, "quay wall", "repair before winter comes")
    [box] = one
    # Ten points of Helvetica, begun at 60, 780 of A4.
    assert box["left"] == pytest.approx((60 + 18.9) / 595.28, abs=0.01)
    assert box["top"] == pytest.approx(1 - 789 / 841.89, abs=0.01)
    assert 0.05 < box["width"] < 0.09
    assert [each["top"] > box["top"] for each in two] == [True, True]
    assert two[1]["left"] == pytest.approx(60 / 595.28, abs=0.005)


def test_of_equal_words_those_are_marked_that_were_quoted(
    api: APIClient, send: Callable[..., Document]
) -> None:
    text = "The wall is safe.\nNobody looked.\nThe wall is safe."
    document = send(hostile_files.pages(text), text)
    answer = api.get(address(document, what="boxes"), {"quote": ["0-17", "33-50"]})
    first, second = (found["boxes"][0]["top"] for found in answer.json()["quotes"])
    assert second > first


def test_a_quote_over_columns_is_found_line_by_line(
    api: APIClient, send: Callable[..., Document]
) -> None:
    document = send(hostile_files.table(), "Survey Repair 98,400.50\nnothing of the kind\n1,250.00")
    text = document.pages.get().text
    answer = api.get(address(document, what="boxes"), {"quote": f"0-{len(text)}"})
    assert answer.status_code == 200


def test_words_that_are_not_on_the_picture_have_no_box(
    api: APIClient, send: Callable[..., Document]
) -> None:
    document = send(hostile_files.scan(1), "Recognized words")
    assert boxes(api, document, "Recognized words") == [[]]


@pytest.mark.parametrize("quote", ["", "5-5", "9-3", "0-999", "a-b", "0-٣", "1-2-3"])
def test_a_quote_that_is_no_place_is_refused(api: APIClient, letter: Document, quote: str) -> None:
    answer = api.get(address(letter, what="boxes"), {"quote": quote})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_quote")
