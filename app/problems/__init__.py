"""Problems: what the club sets its members to program."""
