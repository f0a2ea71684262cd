"""The density cap: where many tasks name nobody and no day, the rules misfire on prose."""

from __future__ import annotations

from dataclasses import dataclass

from documents.pipeline.analysis.schema import ActionItem

# Of more than so many tasks from prose, at most this share may be bare.
MANY, BARE = 8, 0.6


@dataclass(frozen=True, slots=True)
class Found:
    """An action item; `is_listed` where the document itself lists it as one."""

    item: ActionItem
    is_listed: bool

    @property
    def is_bare(self) -> bool:
        return not (self.item.assignee or self.item.due_text)


def without_misfires(found: list[Found]) -> list[ActionItem]:
    """The items, without the bare ones from prose where those are most of many."""
    prose = [each for each in found if not each.is_listed]
    bare = sum(each.is_bare for each in prose)
    misfires = len(prose) > MANY and bare > BARE * len(prose)
    return [each.item for each in found if each.is_listed or not (misfires and each.is_bare)]
