"""What can be asked."""

from __future__ import annotations

from core.context import Context
from core.intents import intent
from core.messages import Reply, say
from core.people import Risk


@intent("help", says=("help", "what can i ask", "what can you do", "which commands are there"), risk=Risk.PUBLIC)
def show_help(ctx: Context) -> Reply:
    """What you can ask this desk."""
    return say(
        "help", abilities=[(entry.help, entry.says[0]) for entry in ctx.abilities if entry.name != "help"], who=ctx.who
    )
