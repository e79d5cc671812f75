"""python -m bot: the same as the `helpdesk` command."""

from bot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
