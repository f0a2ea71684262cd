"""Static files: an upgrade gives them new addresses, and pages open before it keep theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from atom_project import static_version

pytestmark = pytest.mark.django_db


def test_a_changed_file_changes_the_version(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    first = static_version.of(tmp_path)
    assert static_version.of(tmp_path) == first
    (tmp_path / "a.js").write_text("2")
    second = static_version.of(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, static_version.of(tmp_path)}) == 3


def test_files_of_this_version_are_kept_for_ever_and_those_of_others_asked_for_again() -> None:
    def asked(address: str) -> tuple[int, str]:
        response = Client().get(address)
        response.close()
        return response.status_code, response.get("Cache-Control", "")

    status, kept = asked(f"{settings.STATIC_URL}css/base.css")
    assert (status, "immutable" in kept) == (200, True)
    assert asked("/static/0123456789ab/css/base.css") == (200, "no-cache")
    assert asked("/static/css/base.css") == (200, "no-cache")
    assert asked("/static/0123456789ab/css/none.css")[0] == 404
    assert asked("/static/0123456789ab/../../manage.py")[0] == 404


@pytest.mark.parametrize(
    ("cookie", "media", "scheme"),
    [
        ("", "screen and (prefers-color-scheme: dark)", "light dark"),
        ("dark", "screen", "dark"),
        ("light", "not all", "light"),
        ('"><script>', "screen and (prefers-color-scheme: dark)", "light dark"),
    ],
)
@pytest.mark.parametrize("address", ["/", "/docs", "/documents", "/admin/", "/nowhere"])
def test_the_theme_that_was_chosen_is_there_before_the_page_is_drawn(
    staff: Any, address: str, cookie: str, media: str, scheme: str
) -> None:
    client = Client(headers={"Accept": "text/html"})
    client.force_login(staff)
    client.cookies["theme"] = cookie
    shown = client.get(address).content.decode()
    assert f'media="{media}" id="palette-dark"' in shown
    assert f'<meta name="color-scheme" content="{scheme}">' in shown


def test_one_header_stands_over_every_page(staff: Any) -> None:
    client = Client(headers={"Accept": "text/html"})
    client.force_login(staff)
    for address in ("/", "/docs", "/documents", "/documents/stream", "/admin/", "/nowhere"):
        shown = client.get(address).content.decode()
        header = shown[shown.index("<header") : shown.index("</header>")]
        for link in ('"/"', '"/docs"', '"/admin/"', '"/logout"'):
            assert link in header, address
        assert "django-rest-framework.org" not in shown, address
