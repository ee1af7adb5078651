"""Run one background worker: `python worker.py`."""

from app.core.jobs.worker import main

if __name__ == "__main__":
    main()
