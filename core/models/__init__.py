"""The desk's own tables, room by room; whoever needs one imports it from here."""

from core.models.clocks import ClockStep, TicketClock
from core.models.people import (
    AccountHold,
    AddressChange,
    ArticleFeedback,
    ChatLink,
    Dialog,
    KnownAddress,
    OneTimeLink,
    SentNotice,
    Subscription,
)
from core.models.queues import Arrival, Blob, JournalEntry, Letter, MailboxState
from core.models.tickets import KnownMessageId, Participant, Ticket, TicketAttachment, TicketMessage
from core.models.trail import Audit, AuditSeal, SeenSignature
from core.models.work import CannedReply, Rating, SenderRule, StaffAbsence, TicketCard, TicketLink, TimeSpent

__all__ = [
    "AccountHold",
    "AddressChange",
    "Arrival",
    "ArticleFeedback",
    "Audit",
    "AuditSeal",
    "Blob",
    "CannedReply",
    "ChatLink",
    "ClockStep",
    "Dialog",
    "JournalEntry",
    "KnownAddress",
    "KnownMessageId",
    "Letter",
    "MailboxState",
    "OneTimeLink",
    "Participant",
    "Rating",
    "SeenSignature",
    "SenderRule",
    "SentNotice",
    "StaffAbsence",
    "Subscription",
    "Ticket",
    "TicketAttachment",
    "TicketCard",
    "TicketClock",
    "TicketLink",
    "TicketMessage",
    "TimeSpent",
]
