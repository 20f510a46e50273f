"""The page's files, from a small folder built like the real one."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from kymograph.server.page import Page

INDEX = """<!doctype html><html><head><meta name="kymograph-token" content="" />
<title>K</title></head><body></body></html>"""


@pytest.fixture
def folder(tmp_path):
    built = tmp_path / "page"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(INDEX)
    (built / "icon.svg").write_text("<svg/>")
    (built / "assets" / "index-1a2b.js").write_text("let it = 1")
    (tmp_path / "secret.txt").write_text("not part of the page")
    (tmp_path / "page-secret.txt").write_text("not part of the page")
    return built


def get(folder, path, headers=None, token="t0ken"):
    app = Starlette(routes=[Route("/{path:path}", Page(token, folder).answer)])

    async def asking():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        ) as client:
            return await client.get(path, headers=headers)

    return asyncio.run(asking())


@pytest.mark.parametrize("path", ["/", "/index.html", "/p/digits", "/p/a%20b/compare?runs=1", "/r/abcd2345"])
def test_every_address_of_the_page_is_its_index_with_the_token(folder, path):
    reply = get(folder, path)
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.headers["cache-control"] == "no-store"
    assert '<meta name="kymograph-token" content="t0ken">' in reply.text
    assert reply.text.count("kymograph-token") == 1


def test_the_token_is_put_into_an_index_that_has_no_place_for_it(folder):
    (folder / "index.html").write_text("<html><head><title>K</title></head></html>")
    assert (
        '<head><meta name="kymograph-token" content="a&quot;b"><title>' in get(folder, "/", token='a"b').text
    )


def test_hashed_files_are_kept_for_ever_and_others_are_asked_for_again(folder):
    script = get(folder, "/assets/index-1a2b.js")
    assert script.text == "let it = 1"
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    icon = get(folder, "/icon.svg")
    assert icon.headers["content-type"].startswith("image/svg+xml")
    assert icon.headers["cache-control"] == "no-cache"
    assert get(folder, "/icon.svg", {"if-none-match": icon.headers["etag"]}).status_code == 304


def test_a_file_of_another_build_is_missing_and_not_the_index(folder):
    assert get(folder, "/assets/index-0000.js").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2fetc%2fpasswd",
        "//etc/passwd",
        "/..%5csecret.txt",
        "/../page-secret.txt",
        "/assets%00",
        "/.%2e/secret.txt",
    ],
)
def test_no_path_leads_out_of_the_folder(folder, path):
    reply = get(folder, path)
    assert "not part of the page" not in reply.text
    assert "root:" not in reply.text


def test_a_link_out_of_the_folder_that_appears_later_is_not_followed(folder):
    page = Page("t", folder)
    (folder / "assets" / "later.js").symlink_to(folder.parent / "secret.txt")
    assert "assets/later.js" not in page.assets


def test_a_server_without_a_built_page_says_how_to_build_it(tmp_path):
    assert "make page" in get(tmp_path / "nothing", "/").text
