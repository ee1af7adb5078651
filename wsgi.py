"""The application object that gunicorn and the flask command load."""

import gc

gc.disable()  # What is loaded here stays; looking through it for garbage took a fifth of the start.

from app.factory import create_app

app = create_app()
gc.freeze()
gc.enable()
