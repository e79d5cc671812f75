"""Telegram, played by a strict stand-in that the real library talks to."""
