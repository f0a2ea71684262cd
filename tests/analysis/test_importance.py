from documents.pipeline.analysis import SourcePage, importance
from documents.pipeline.analysis.chunks import divide

STORY = "The harbor committee spoke of the quay wall, the survey and the budget for repairs. "
OTHER = "Xylophone zeppelin quartz nimbus {n} fjord glyph waltz vex jumbo crypt lynx. "


def chunks_of(*texts):
    pages = [SourcePage(number, text) for number, text in enumerate(texts, start=1)]
    chunks = divide(pages, max(len(text) for text in texts) // 3)
    assert len(chunks) == len(texts)
    return chunks


def test_what_shares_the_words_of_the_whole_comes_before_what_does_not():
    texts = [STORY * 20, OTHER.format(n=1) * 20, STORY * 21, OTHER.format(n=2) * 20, STORY * 22]
    assert set(importance.ranked(chunks_of(*texts))[:3]) == {0, 2, 4}


def test_the_beginning_comes_first_and_equals_stay_in_order():
    assert importance.ranked(chunks_of(*[STORY * 20] * 4)) == [0, 1, 2, 3]


def test_the_order_is_the_same_every_time():
    chunks = chunks_of(*[f"{STORY} Matter {n} of many. {OTHER.format(n=n)}" * 5 for n in range(9)])
    assert importance.ranked(chunks) == importance.ranked(list(chunks))


def test_nothing_has_no_order():
    assert importance.ranked([]) == []
    assert importance.ranked(divide([SourcePage(1, "1 2 3 4 5 6 7 8 9 " * 9)], 900)) == [0]
