"""What sets up, starts and supervises the site; nothing in `app` imports it."""
