"""What most commands start with: the configuration, and the desk that it describes."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from bot.app import App, build
from bot.settings import load


def arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-c",
        "--config",
        type=Path,
        default=Path("helpdesk.toml"),
        metavar="FILE",
        help="the configuration (helpdesk.toml)",
    )


def desk(options: argparse.Namespace) -> App:
    """Raises SettingsError, SchemaError, sqlalchemy.exc.OperationalError."""
    path: Path = options.config
    return build(load(path), path.absolute().parent)


def operator() -> str:
    """Who calls the command, for the audit trail."""
    return f"operator {getpass.getuser()}"
