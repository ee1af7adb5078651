"""Install the locked browser packages and copy the files the pages use into static/vendor/."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST_NODE = 20
INSTALL_SECONDS = 600
VENDOR_FILES = (
    "@picocss/pico/css/pico.min.css",
    "htmx.org/dist/htmx.min.js",
    "htmx-ext-ws/dist/ws.min.js",
    "idiomorph/dist/idiomorph-ext.min.js",
    "uplot/dist/uPlot.esm.js",
    "uplot/dist/uPlot.min.css",
)


def main() -> None:
    """Leave static/vendor/ holding exactly the listed files."""
    refuse_old_node()
    install_packages()
    vendor = ROOT / "static" / "vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for name in VENDOR_FILES:
        shutil.copy(ROOT / "node_modules" / name, vendor)


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


if __name__ == "__main__":
    main()
