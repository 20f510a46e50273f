"""Serves the built page: the files it had at the start, by name; index.html for every other address."""

from __future__ import annotations

import hashlib
import html
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "page"
HASHED = "assets/"  # the build puts a digest of the content into each name in here
FOREVER = "public, max-age=31536000, immutable"
META = re.compile(r'<meta\s+name="kymograph-token"[^>]*>')
NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Kymograph</title></head><body>
<h1>The page is not built</h1>
<p>The server runs, and <a href="/api/openapi.json">its interface</a> answers. In a clone of the source, build
the page with <code>make page</code> and start again; an installed package has it inside.</p>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the page, in memory: all of them are a few hundred kilobytes."""

    body: bytes
    kind: str
    etag: str
    forever: bool


class Page:
    """The page of one server. Only files found at the start have names: none leads out of the folder."""

    def __init__(self, token: str, folder: Path = FOLDER) -> None:
        self.assets = dict(found(folder))
        self.index = index(folder, token)

    async def answer(self, request: Request) -> Response:
        """The file of that name; 404 for an asset of another build; the page for anything else."""
        name = request.url.path.removeprefix("/")
        asset = self.assets.get(name)
        if asset is not None:
            return served(asset, request.headers.get("if-none-match"))
        if name.startswith(HASHED):
            return Response("This file belongs to another version of the page; load the page again.\n", 404)
        return Response(self.index, media_type="text/html", headers={"cache-control": "no-store"})


def found(folder: Path) -> list[tuple[str, Asset]]:
    """Every file of the built page but index.html, by its path below the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return [
        (name, asset(path, forever=name.startswith(HASHED)))
        for path in files
        if (name := path.relative_to(folder).as_posix()) != "index.html"
    ]


def asset(path: Path, *, forever: bool) -> Asset:
    body = path.read_bytes()
    kind = "text/javascript" if path.suffix in {".js", ".mjs"} else mimetypes.guess_type(path.name)[0]
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Asset(body, kind or "application/octet-stream", etag, forever)


def served(asset: Asset, known: str | None) -> Response:
    headers = {"etag": asset.etag, "cache-control": FOREVER if asset.forever else "no-cache"}
    if known == asset.etag:
        return Response(status_code=304, headers=headers)
    return Response(asset.body, media_type=asset.kind, headers=headers)


def index(folder: Path, token: str) -> bytes:
    """index.html with the token in it; other sites may show our page's address, but cannot read this."""
    path = folder / "index.html"
    text = path.read_text("utf-8") if path.is_file() else NOT_BUILT
    meta = f'<meta name="kymograph-token" content="{html.escape(token)}">'
    text, replaced = META.subn(lambda _: meta, text, count=1)
    return (text if replaced else text.replace("<head>", f"<head>{meta}", 1)).encode()
