"""The build hook: a wheel, an sdist and an editable install carry the built page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))

from build_page import PageError, build_page, page_folder


class PageHook(BuildHookInterface):
    """Builds the page before files are gathered; `artifacts` in pyproject.toml takes it along."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        root = Path(self.root)
        # An editable install serves whatever page is there: the Makefile keeps it fresh.
        if version == "editable" and (page_folder(root) / "index.html").is_file():
            return
        try:
            build_page(root)
        except PageError as error:
            # An sdist without Node still holds the sources; who installs it will need Node.
            if self.target_name == "sdist":
                self.app.display_warning(f"the sdist carries no built page: {error}")
                return
            self.app.abort(f"kymograph: {error}")
