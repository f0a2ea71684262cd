"""Pages as pictures: drawn for their owner only, and gone with their document."""

from __future__ import annotations

from tests.security.mutations.mutation import Condition, Fragment, Mutation, Without

DRAWING = "tests/extraction/test_drawing.py::"
IMAGES = "tests/page_images/test_page_images.py::"

PAGE_IMAGES = [
    Mutation(
        "page images go with their document",
        "quarantine.erase",
        Without("PAGE_IMAGES"),
        f"{IMAGES}page_images_go_with_their_document",
    ),
    Mutation(
        "a page drawn while its document is deleted is not kept",
        "cache.keep",
        Condition("exists", always=False),
        f"{IMAGES}drawn_while_its_document_is_deleted",
    ),
    Mutation(
        "a file that kills its child is not tried again at once",
        "unless_hopeless",
        Condition("until", always=False),
        f"{IMAGES}kills_its_child",
    ),
    Mutation(
        "one person leaves others a place to draw",
        "_is_free",
        Fragment("_drawing[user_id] < MOST_OF_ONE and ", ""),
        f"{IMAGES}draws_much_waits",
    ),
    Mutation(
        "pixels are as many as the picture has",
        "pages.draw",
        Condition("len(pixels)", always=True),
        f"{DRAWING}before_it_is_checked",
    ),
    Mutation(
        "a picture that would fill the memory reaches no child",
        "pages._answer",
        Condition("_is_decodable", always=False),
        f"{DRAWING}fill_the_memory",
    ),
]
