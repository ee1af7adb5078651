"""Run one background worker: `python worker.py [QUEUE ...]`, on all queues unless some are named."""

import sys

from app.core.jobs.worker import main

if __name__ == "__main__":
    main(sys.argv[1:])
