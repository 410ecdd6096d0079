"""Take the pictures of the page for the README and docs/workbench.md: of the samples, in a real browser.

    python bench/page_pictures.py

Look at each of them before it is committed. Needs Playwright (in the ``dev`` extra) and Debian's ``chromium``
with ``fonts-wqy-microhei``.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Picture(NamedTuple):
    """A view as it is pictured; ``before`` is done first."""

    name: str
    address: str
    height: int = 900
    width: int = 1280
    before: Callable[[Page], None] | None = None


def _open_source(page: Page) -> None:
    page.locator("main button.source").first.click()
    page.locator("dialog.panel .picture img").first.wait_for()


_PICTURES: Final = (
    Picture("search", "#/search?q=人手不够，活干不完"),
    Picture("source", "#/projects/云泽省水务厅/中小河流治理", before=_open_source),
    Picture("department", "#/departments/云泽省水务厅"),
    Picture("project", "#/projects/云泽省水务厅/中小河流治理"),
    Picture("issues", "#/issues?side=cause&min_departments=2"),
    Picture("checks", "#/checks?verdict=contradicts"),
    Picture("documents", "#/documents"),
    Picture("queries", "#/queries/three-publics"),
    Picture("phone", "#/departments/云泽省水务厅", height=844, width=390),
)


@contextmanager
def _served_samples(folder: Path) -> Iterator[str]:
    """The samples, built and served; the address."""
    home = folder / "home"
    fiscalgraph = [sys.executable, "-m", "fiscalgraph"]
    subprocess.run(
        [*fiscalgraph, "build", str(ROOT / "samples" / "documents"), "--home", str(home)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    server = subprocess.Popen(
        [*fiscalgraph, "serve", "--port", "0", "--home", str(home)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FISCALGRAPH_SERVE_LOG": "off", "FISCALGRAPH_LANG": "en"},
    )
    assert server.stderr is not None
    try:
        yield server.stderr.readline().split()[1]
    finally:
        server.terminate()
        server.wait(timeout=30)


def take(only: set[str]) -> list[Path]:
    """Take the pictures (``only`` those named, or all); their files."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium is installed; on Debian: apt-get install chromium fonts-wqy-microhei")
    PICTURES.mkdir(parents=True, exist_ok=True)
    taken = []
    with (
        tempfile.TemporaryDirectory() as folder,
        _served_samples(Path(folder)) as address,
        sync_playwright() as browsers,
    ):
        browser = browsers.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        for picture in _PICTURES:
            if only and picture.name not in only:
                continue
            page = browser.new_page(
                viewport={"width": picture.width, "height": picture.height}, color_scheme="light"
            )
            page.goto(f"{address}{picture.address}")
            page.wait_for_load_state("networkidle")
            if picture.before:
                picture.before(page)
            page.wait_for_timeout(800)  # drawings come in
            taken.append(_kept(picture.name, page.screenshot()))
            page.close()
        browser.close()
    return taken


def _kept(name: str, png: bytes) -> Path:
    """Write a picture with a palette: a third of the bytes, the same to the eye."""
    target = PICTURES / f"{name}.png"
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128).save(target, optimize=True)
    return target


def main() -> None:
    """Take them, and say where they lie."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("names", nargs="*", help="only these")
    for path in take(set(parser.parse_args().names)):
        print(path.relative_to(ROOT), f"{path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
