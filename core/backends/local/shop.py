"""The price list and orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import ports
from core.clock import Clock
from core.database import Sessions
from core.errors import Unsupported


@dataclass(frozen=True, slots=True)
class LocalShop:
    sessions: Sessions
    clock: Clock

    def products(self) -> Sequence[ports.Product]:
        raise Unsupported("products")

    def tlds(self) -> Sequence[ports.Tld]:
        raise Unsupported("tlds")

    def promotion(self, code: str) -> ports.Promotion | None:
        raise Unsupported("promotion")

    def orders(self, client_id: str) -> Sequence[ports.Order]:
        raise Unsupported("orders")

    def order_product(self, client_id: str, product: ports.Product, cycle: str, domain: str) -> ports.Order:
        raise Unsupported("order_product")

    def order_addon(self, service: ports.Service, product: ports.Product, cycle: str) -> ports.Order:
        raise Unsupported("order_addon")

    def register_domain(self, client_id: str, name: str, years: int) -> ports.Order:
        raise Unsupported("register_domain")

    def transfer_domain(self, client_id: str, name: str, auth_code: str) -> ports.Order:
        raise Unsupported("transfer_domain")

    def renew_domain(self, domain: ports.Domain, years: int) -> ports.Invoice:
        raise Unsupported("renew_domain")

    def restore_domain(self, domain: ports.Domain) -> ports.Invoice:
        raise Unsupported("restore_domain")

    def renew_service(self, service: ports.Service) -> ports.Invoice:
        raise Unsupported("renew_service")

    def order_id_protection(self, domain: ports.Domain) -> ports.Invoice:
        raise Unsupported("order_id_protection")

    def cancel_order(self, order: ports.Order) -> None:
        raise Unsupported("cancel_order")
