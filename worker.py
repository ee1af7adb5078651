"""Run one background worker: `python worker.py [QUEUE ...]`, on all queues unless some are named."""

import gc
import sys

gc.disable()  # What is loaded here stays; looking through it for garbage took a fifth of the start.

from app.core.jobs.worker import main

gc.enable()

if __name__ == "__main__":
    main(sys.argv[1:])
