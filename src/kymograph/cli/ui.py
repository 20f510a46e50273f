"""`kymograph ui`: serves a store's page on this machine."""

from __future__ import annotations

import click

from kymograph.server.serve import serve


@click.command("ui")
@click.argument("store", required=False, metavar="[STORE]")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: the first free one from 5757 on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
def command(store: str | None, port: int | None, host: str, open_browser: bool) -> None:
    """Show a store in the browser, while it is written. The address is printed; Ctrl-C ends it."""
    serve(store, host, port, open_browser)
