"""Submissions: source code handed in, and the judges that execute it."""
