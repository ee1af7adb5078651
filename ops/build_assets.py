"""Install the locked browser packages, put what the pages use of them into static/vendor/, and bundle the editor."""

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST_NODE = 20
INSTALL_SECONDS = 600
BUNDLE_SECONDS = 120
VENDOR_FILES = (
    "@picocss/pico/css/pico.min.css",
    "htmx.org/dist/htmx.min.js",
    "htmx-ext-ws/dist/ws.min.js",
    "idiomorph/dist/idiomorph-ext.min.js",
    "uplot/dist/uPlot.esm.js",
    "uplot/dist/uPlot.min.css",
)


def main() -> None:
    """Leave static/vendor/ holding exactly the listed files and the editor."""
    refuse_old_node()
    install_packages()
    vendor = ROOT / "static" / "vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for name in VENDOR_FILES:
        shutil.copy(ROOT / "node_modules" / name, vendor)
    bundle_editor(vendor / "editor")


def refuse_old_node() -> None:
    """Exit with a sentence unless a Node that the packages support, and its npm, can be run."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        sys.exit(f"Node.js {LEAST_NODE} or newer with npm is needed to prepare the pages; it was not found.")
    version = subprocess.check_output([node, "--version"], text=True, timeout=20)
    major = re.match(r"v(\d+)", version)
    if major is None or int(major[1]) < LEAST_NODE:
        sys.exit(f"Node.js {LEAST_NODE} or newer is needed to prepare the pages; this is {version.strip()}.")


def install_packages() -> None:
    """Install what package-lock.json names, checked against its hashes."""
    command = ["npm", "ci", "--no-progress", "--loglevel=error"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    if done.returncode != 0:
        sys.exit(f"The browser packages could not be installed:\n{done.stderr.strip()}")


def bundle_editor(home: Path) -> None:
    """Bundle the editor and its worker into a folder of `home` named by what it holds, each file packed as well."""
    made = home / "new"
    names = ("editor=frontend/editor.js", "editor.worker=monaco-editor/editor/editor.worker.js")
    options = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--loader:.ttf=file", "--asset-names=[name]")
    command = ["node_modules/.bin/esbuild", *names, *options, f"--outdir={made}", "--log-level=error"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BUNDLE_SECONDS)
    if done.returncode != 0:
        sys.exit(f"The code editor could not be bundled:\n{done.stderr.strip()}")
    digest = hashlib.sha256()
    for file in sorted(made.iterdir()):
        content = file.read_bytes()
        digest.update(content)
        (made / f"{file.name}.gz").write_bytes(gzip.compress(content, mtime=0))
    made.rename(home / digest.hexdigest()[:12])


if __name__ == "__main__":
    main()
