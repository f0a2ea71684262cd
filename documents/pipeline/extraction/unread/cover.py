"""What covers a page with few letters, as the child saw it and as far as it can be."""

from __future__ import annotations

from typing import Any, NamedTuple


class Cover(NamedTuple):
    """Counted by `child.coverings`, on pages with little text only.

    `outlines` are shapes of the size of letters; `picture` tells the largest picture from others;
    `prominent` letters are not both small and in the margin; a recognized layer is unpainted text.
    """

    outlines: int = 0
    prominent: int = 0
    picture: tuple[int, ...] = ()
    is_recognized: bool = False


def of_message(sent: Any) -> Cover | None:
    """None where there is none, or nothing that the child would send."""
    match sent:
        case {
            "outlines": int(outlines),
            "prominent": int(prominent),
            "picture": [int(width), int(height), int(size)],
            "recognized": bool(recognized),
        }:
            return Cover(outlines, prominent, (width, height, size), recognized)
        case _:
            return None
