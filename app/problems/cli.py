"""`flask problems ...`: its commands are those of packages."""

from flask.cli import AppGroup

problems = AppGroup("problems", help="Problems and their packages.")
