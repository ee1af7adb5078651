"""What any site needs; nothing here knows of the club."""
