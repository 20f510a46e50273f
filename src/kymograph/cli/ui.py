"""`kymograph ui`: serves a store's page on this machine."""

from __future__ import annotations

import click

from kymograph.server.app import serve
from kymograph.store.layout import find_store


@click.command("ui")
@click.argument("store", required=False, metavar="[STORE]")
@click.option("--port", default=8417, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
def command(store: str | None, port: int, host: str, open_browser: bool) -> None:
    """Show a store in the browser, while it is written. The address is printed; Ctrl-C ends it."""
    serve(find_store(store).path, host, port, open_browser)
