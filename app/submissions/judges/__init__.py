"""The programs that execute what members hand in, each behind the `Judge` of base.py."""
