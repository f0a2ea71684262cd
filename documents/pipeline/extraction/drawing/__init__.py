"""Pages for people to look at: drawn, and their letters located, in a confined child."""

from .pages import (
    Letters as Letters,
)
from .pages import (
    NotDrawn as NotDrawn,
)
from .pages import (
    draw as draw,
)
from .pages import (
    locate as locate,
)
