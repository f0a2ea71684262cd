"""Theme: dark or light as the system has it, or as was chosen in this browser.

The choice is kept in a cookie, which reaches the server before anything is drawn: no page flashes
in the wrong colors, and none needs an inline script. Signing out clears storage, not cookies.
"""

from __future__ import annotations

from django.http import HttpRequest

COOKIE = "theme"  # written by `static/js/theme-switch.js`
AUTO = "auto"

# When the dark palette counts; paper is always light.
DARK_MEDIA = {
    AUTO: "screen and (prefers-color-scheme: dark)",
    "light": "not all",
    "dark": "screen",
}


def theme(request: HttpRequest) -> dict[str, str]:
    """For every template."""
    chosen = request.COOKIES.get(COOKIE, AUTO)
    chosen = chosen if chosen in DARK_MEDIA else AUTO
    return {"theme": chosen, "dark_media": DARK_MEDIA[chosen]}
