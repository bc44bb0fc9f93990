"""Look at every template of a built site with axe and Lighthouse: ``make lighthouse``.

axe (WCAG 2.2 AA and best practice) in light and dark at 360, 768 and 1280 px must find nothing. Lighthouse (mobile,
median of three) must give 100 for accessibility and 95 for the rest; with ``--gate bytes``, as in CI, where speed is
that of whatever machine it is, performance is reported and does not fail. Beside Lighthouse's blocking time, which a
busy machine makes longer, stands the same of the processor's time alone, and how busy the machine was.
"""

import argparse
import functools
import http.server
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
from blocking import blocking
from chromium import ARGUMENTS, CHROMIUM, browser

WIDTHS, THEMES = (360, 768, 1280), ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 95}


def templates(site: Path) -> list[str]:
    """Return one page of every template: of a kind that is there many times the largest."""
    found = sorted(path.relative_to(site).as_posix() for path in site.glob("*.html"))
    for pattern in ("*/index.html", "*/*/index.html", "models/*.html", "axes/*.html", "boards/*.html"):
        pages = [path for path in site.glob(pattern) if "index" in pattern or path.name != "index.html"]
        if "index" in pattern:
            found += sorted(path.relative_to(site).as_posix() for path in pages)
        elif pages:
            found.append(max(pages, key=lambda path: path.stat().st_size).relative_to(site).as_posix())
    ecgs = [(path, path.read_text("utf-8")) for path in site.glob("ecg/*/ecg--*.html")]
    for pictured in (True, False):
        pages = [path for path, text in ecgs if ('id="trace"' in text) is pictured]
        if pages:
            found.append(max(pages, key=lambda path: path.stat().st_size).relative_to(site).as_posix())
    return list(dict.fromkeys(found))


class _Handler(http.server.SimpleHTTPRequestHandler):
    """The site as a host would serve it: compressed, and kept by the browser."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Send a file, compressed where it is text."""
        import gzip

        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in (".html", ".css", ".js", ".json") or not path.is_file():
            super().do_GET()
            return
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(str(path))}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on a port of this machine."""
    handler = functools.partial(_Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


#: What is laid out only when it comes near has no true place before: axe sees it as a reader who got there does.
_LAID_OUT = "* { content-visibility: visible !important }"

#: Only faults come back: what passed, thousands of nodes of it, took longer to send than to find.
_AXE = """async tags => {
  const found = await axe.run({ runOnly: tags, resultTypes: ["violations"] });
  const named = nodes => nodes.slice(0, 3).map(node => node.target[0]);
  return found.violations.map(rule => [rule.id, rule.nodes.length, named(rule.nodes)]);
}"""


def axe(root: str, pages: list[str], modules: Path) -> list[str]:
    """Return what axe finds, a line a rule, page, theme and width; print how long pages took, and what is left."""
    script = (modules / "axe-core" / "axe.min.js").read_text("utf-8")
    found = []
    with browser() as started:
        begun = time.monotonic()
        for done, place in enumerate(pages, 1):
            before, faults = time.monotonic(), len(found)
            for theme in THEMES:
                for width in WIDTHS:
                    context = started.new_context(
                        viewport={"width": width, "height": 900},
                        color_scheme=theme,
                        bypass_csp=True,
                        reduced_motion="reduce",
                    )
                    page = context.new_page()
                    page.set_default_timeout(120_000)
                    page.goto(f"{root}/{place}#arm=image" if "/ecg--" in place else f"{root}/{place}")
                    page.add_style_tag(content=_LAID_OUT)
                    page.evaluate(script)
                    for rule, times, targets in page.evaluate(_AXE, TAGS):
                        found.append(f"{place} {theme} {width}: {rule} x {times}: {'; '.join(map(str, targets))}")
                    context.close()
            now = time.monotonic()
            left = (now - begun) / done * (len(pages) - done)
            print(
                f"axe {done}/{len(pages)} {place}: {len(found) - faults} faults, {now - before:.0f} s; "
                f"about {left:.0f} s left",
                flush=True,
            )
    return found


def lighthouse(address: str, modules: Path, out: Path) -> dict[str, float]:
    """Run Lighthouse once and return its scores and what stands behind them."""
    subprocess.run(
        [
            *("node", str(modules / "lighthouse" / "cli" / "index.js"), address, "--quiet", "--output=json"),
            *(
                f"--output-path={out}",
                f"--chrome-path={CHROMIUM}",
                f"--chrome-flags=--headless {' '.join(ARGUMENTS)}",
            ),
            f"--only-categories={','.join(LEAST)}",
        ],
        check=True,
        env=os.environ | {"CI": "1"},
    )
    report = json.loads(out.read_text("utf-8"))
    found = {name: 100 * (category["score"] or 0) for name, category in report["categories"].items()}
    for name in ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"):
        found[name] = report["audits"][name]["numericValue"]
    found["failed"] = [  # type: ignore[assignment]
        name for name, one in report["audits"].items() if one.get("score") is not None and one["score"] < 0.9
    ]
    return found


def main() -> None:
    """Look, print, and exit 1 where a target is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("site", type=Path)
    arguments.add_argument("--modules", type=Path, required=True, help="node_modules with axe-core and lighthouse")
    arguments.add_argument("--gate", choices=("all", "bytes"), default="all")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--only", choices=("axe", "lighthouse"))
    arguments.add_argument("--page", action="append", default=[], help="only pages whose path has this in it")
    given = arguments.parse_args()
    if CHROMIUM is None:
        sys.exit("no Chromium: apt install chromium")
    pages = [page for page in templates(given.site) if not given.page or any(map(page.__contains__, given.page))]
    missed = []
    with served(given.site) as root:
        if given.only != "lighthouse":
            missed += axe(root, pages, given.modules)
            print(
                f"axe: {len(missed)} faults on {len(pages)} pages x {len(THEMES)} themes x {len(WIDTHS)} widths",
                flush=True,
            )
        shown = [] if given.only == "axe" else pages
        for done, place in enumerate(shown, 1):
            runs = [
                lighthouse(f"{root}/{place}", given.modules, given.modules / "report.json") for _ in range(given.runs)
            ]
            median = {name: statistics.median(run[name] for run in runs) for name in runs[0] if name != "failed"}
            scores = " / ".join(f"{median[name]:.0f}" for name in LEAST)
            speed = (
                f"LCP {median['largest-contentful-paint'] / 1000:.2f} s, TBT {median['total-blocking-time']:.0f} ms, "
                f"of processor time {blocking(f'{root}/{place}'):.0f} ms, CLS {median['cumulative-layout-shift']:.3f}"
            )
            print(
                f"lighthouse {done}/{len(shown)} {place}: {scores}; {speed}; load {os.getloadavg()[0]:.1f}; "
                f"{runs[-1]['failed']}",
                flush=True,
            )
            for name, least in LEAST.items():
                if median[name] < least and (name != "performance" or given.gate == "all"):
                    missed.append(f"{place}: {name} {median[name]:.0f}, {least} wanted")
    for line in missed:
        print(line)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
