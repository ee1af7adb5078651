"""Draw the first page of a PDF: `python pdf.py < in.pdf > out.png`, as a process that can be stopped."""

import io
import resource
import sys

LONGEST_SIDE = 1600  # pixels
MEMORY = 1024 * 1024 * 1024
SECONDS = 10


def main() -> None:
    """Read a PDF, write a PNG; any failure ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import pypdfium2  # only here, so that nothing of it is in any other process

    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
        page = document[0]
        # A point is 1/72 inch: so large that it is sharp, no larger than pictures may be.
        scale = min(3.0, LONGEST_SIDE / max(page.get_width(), page.get_height()))
        drawn = io.BytesIO()
        page.render(scale=scale).to_pil().save(drawn, "PNG")
    sys.stdout.buffer.write(drawn.getvalue())


if __name__ == "__main__":
    main()
