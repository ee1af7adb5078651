"""The application with one view more, which returns a constant: what a request costs at least."""

from app.factory import create_app

app = create_app()


@app.get("/constant")
def constant() -> str:
    """As little as a view can do."""
    return "constant"
