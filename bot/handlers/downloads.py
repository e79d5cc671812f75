"""Files to fetch: public ones directly, those of a product by a link that only its owner gets, and that ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core import search
from core.context import Context
from core.errors import Refusal, Unsupported
from core.forms import Text
from core.intents import intent
from core.messages import Reply, say
from core.people import Assurance, Permission, Risk
from core.ports import Download

_NUMBER = re.compile(r"\bdownload\s+#?(\d{1,9})\b", re.IGNORECASE)


@intent(
    "downloads",
    says=("downloads", "which downloads do you have", "list your downloads", "files and manuals"),
    risk=Risk.PUBLIC,
    rows=("F17",),
)
def list_downloads(ctx: Context) -> Reply:
    """Manuals, forms and programs to download."""
    owned = _owned(ctx)
    files = [one for one in ctx.library.downloads() if not one.product_ids or owned & set(one.product_ids)]
    return say("downloads", downloads=files, proved=_proved(ctx))


@intent(
    "download.get",
    says=(
        "download the client area guide",
        "download",
        "client area guide",
        "send me the data processing agreement",
        "get the manual",
        "a manual that i can download",
        "do you have a manual for the client area",
        "where can i download the manual",
    ),
    risk=Risk.PUBLIC,
    rows=("F17",),
)
def get_download(ctx: Context, text: Text) -> Reply:
    """One file to download; what belongs to a product goes to its owners only."""
    found = _meant(ctx.library.downloads(), text, ctx.who.language)
    if found is None:
        raise Unsupported("no file fits what was asked for")
    if not found.product_ids:
        return say("download", download=found, url=found.url, once=False)
    if ctx.who.known and not _proved(ctx):
        raise Unsupported(f"{found.title} is for owners of a product, and the mail does not prove who wrote it")
    if not _owned(ctx) & set(found.product_ids):
        raise Refusal("download_owners_only", download=found, products=_names(ctx, found))
    return say("download", download=found, url=ctx.links.to("download", download=found.id), once=True)


def _proved(ctx: Context) -> bool:
    return ctx.who.known and ctx.who.assurance >= Assurance.ADDRESS


def _owned(ctx: Context) -> set[str]:
    """The products that this sender has and may see, add-ons too."""
    if not _proved(ctx) or Permission.PRODUCTS not in ctx.who.permissions:
        return set()
    services = [one for one in ctx.billing.services(ctx.who.client_id) if one.status == "Active"]
    addons = [addon for one in services for addon in one.addons if addon.status == "Active"]
    return {one.product_id for one in services} | {addon.product_id for addon in addons}


def _names(ctx: Context, download: Download) -> list[str]:
    return [product.name for product in ctx.shop.products() if product.id in download.product_ids]


def _meant(downloads: Sequence[Download], text: str, language: str) -> Download | None:
    """By its number, else by what it is called."""
    number = _NUMBER.search(text)
    by_key = {one.id: one for one in downloads}
    if number and number[1] in by_key:
        return by_key[number[1]]
    pages = [search.Page(one.id, one.title, one.category, one.description, language) for one in downloads]
    hits = search.best(re.sub(r"\bdownloads?\b", " ", text, flags=re.IGNORECASE), pages, language=language)
    return by_key[hits[0].key] if hits else None
