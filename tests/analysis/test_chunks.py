from hypothesis import given, settings
from hypothesis import strategies as st

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.chunks import Chunk, divide, estimate_tokens, halve

PAGE = "The quay wall was measured again. It had moved by three centimeters.\n\n" * 10


def pages_of(*texts):
    return [SourcePage(number, text) for number, text in enumerate(texts, start=1)]


def text_of(chunks, page):
    pieces = [piece for chunk in chunks for piece in chunk.pieces if piece.page == page]
    return "".join(piece.text[piece.repeated :] for piece in sorted(pieces, key=lambda p: p.start))


def test_a_short_document_is_one_chunk():
    [chunk] = divide(pages_of(PAGE, PAGE), 24_000)
    assert chunk.pages == [1, 2]


def test_pages_stay_whole_where_they_fit():
    chunks = divide(pages_of(*[PAGE] * 7), 500)
    assert [chunk.pages for chunk in chunks] == [[1, 2], [3, 4], [5, 6], [7]]


def test_a_page_over_the_limit_is_cut_between_paragraphs():
    chunks = divide(pages_of(PAGE), 60)
    assert len(chunks) > 3
    assert all(piece.text.endswith("\n\n") for chunk in chunks for piece in chunk.pieces)


def test_a_paragraph_over_the_limit_is_cut_between_sentences():
    chunks = divide(pages_of("One sentence stands here, short as it is. " * 60), 100)
    assert all(piece.text.endswith("is. ") for chunk in chunks for piece in chunk.pieces)


def test_a_piece_knows_where_in_its_page_it_begins():
    for chunk in divide(pages_of(PAGE), 60):
        for piece in chunk.pieces:
            assert PAGE[piece.start :].startswith(piece.text)


def test_pages_without_text_are_not_sent():
    [chunk] = divide(pages_of("", " \n ", PAGE), 24_000)
    assert chunk.pages == [3]
    assert divide(pages_of("", ""), 24_000) == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("ab. \n漢я1!?"), max_size=300), max_size=5),
    st.integers(10, 200),
)
def test_nothing_is_left_out_and_nothing_is_too_large(texts, limit):
    pages = pages_of(*texts)
    chunks = divide(pages, limit)
    for page in pages:
        sent = text_of(chunks, page.number)
        assert page.text.startswith(sent)
        assert not page.text[len(sent) :].strip()
    assert all(chunk.tokens <= limit for chunk in chunks)


def test_a_chunk_of_pages_is_halved_between_pages():
    first, second = halve(divide(pages_of(*[PAGE] * 5), 24_000)[0])
    assert first.pages + second.pages == [1, 2, 3, 4, 5]
    assert {len(first.pages), len(second.pages)} == {2, 3}


def test_a_page_is_halved_without_losing_a_word():
    halves = halve(divide(pages_of(PAGE), 24_000)[0])
    assert text_of(halves, 1) == PAGE
    assert all(isinstance(half, Chunk) and half.tokens < 200 for half in halves)


def test_what_is_short_already_is_not_halved():
    assert halve(divide(pages_of("A few words."), 24_000)[0]) is None


def test_the_estimate_is_near_what_models_count():
    english = "The committee did not accept the offer of the second contractor from Lisbon."
    french = "Le comité n'a pas accepté l'offre du deuxième entrepreneur, qui venait de Lisbonne."
    assert 13 <= estimate_tokens(english) <= 20
    assert 17 <= estimate_tokens(french) <= 29
    assert estimate_tokens("1234567 89") == 4
    assert estimate_tokens("理事会は予算案を承認した。") >= 8


def test_a_cut_page_repeats_its_last_paragraph_after_the_cut():
    paragraphs = [f"Paragraph {n} stands here, and it is not long.\n\n" for n in range(40)]
    first, second = (chunk.pieces[0] for chunk in divide(pages_of("".join(paragraphs)), 250)[:2])
    repeated = second.text[: second.repeated]
    assert repeated in paragraphs
    assert first.text.endswith(repeated)


def test_a_paragraph_too_long_to_repeat_repeats_its_last_sentence():
    pieces = [c.pieces[0] for c in divide(pages_of("One sentence stands here, short. " * 90), 150)]
    assert pieces[0].repeated == 0
    assert {piece.text[: piece.repeated] for piece in pieces[1:]} == {
        "One sentence stands here, short. "
    }


def test_whole_pages_repeat_nothing():
    assert not any(p.repeated for c in divide(pages_of(*[PAGE] * 7), 500) for p in c.pieces)
