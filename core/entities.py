"""The things people name in a text: domains, invoices, tickets, amounts, dates, languages and the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

DOMAIN = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:www\.)?((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59}))(?![\w-]|\.\w)",
    re.IGNORECASE,
)
INVOICE = re.compile(
    r"\b((?:inv(?:oice)?[-\s]?)(?:number|no\.?|nr\.?)?\s*#?\s*\d[\d/-]{0,15}|rechnung\s+#?\d[\d/-]*)\b", re.IGNORECASE
)
TICKET = re.compile(
    r"\b(?:ticket|case)\s*(?:number|no\.?|nr\.?)?\s*#?\s*(\d{4,16})\b|(?<![\w#])#(\d{6,16})\b", re.IGNORECASE
)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}\b")
AMOUNT = re.compile(
    r"(?:€|\$|£|\b(?:eur|usd|gbp|chf|pln))\s?(\d{1,6}(?:[.,]\d{2})?)\b"
    r"|\b(\d{1,6}(?:[.,]\d{2})?)\s?(?:€|\$|£|(?:eur(?:os?)?|usd|dollars?|gbp|pounds?|chf|pln|zł)\b)",
    re.IGNORECASE,
)
_NUMERALS = {
    numeral: str(number)
    for number, numerals in {
        1: "one ein eine einem einen un une um uno een één jeden",
        2: "two zwei deux dos dois due twee dwa",
        3: "three drei trois tres três tre drie trzy",
        4: "four vier quatre cuatro quatro quattro cztery",
        5: "five fünf cinq cinco cinque vijf pięć",
        10: "ten zehn dix diez dez dieci tien dziesięć",
    }.items()
    for numeral in numerals.split()
}
YEARS = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_NUMERALS)})\s+(?:(?:more|weitere[ns]?|más|mais|extra)\s+)?"
    r"(?:years?|jahr(?:en?)?|an(?:s|nées?)?|años?|ann[io]|jaar|jaren|rok|lata|lat|anos?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d/-]*")
_ANNOUNCED = re.compile(
    r"\b(?:name[ -]?servers?|dns[ -]servers?|ns(?=\s*[:=])|nservers?|naam[ -]?servers?|serwer\w*|serveurs?"
    r"|servidor(?:es)?|server (?:dns|dei nomi|di nomi)|point|delegate)\b",
    re.IGNORECASE,
)
"""Words behind which hosts are told."""
_LEADS = re.compile(
    r"(?:\b(?:to|with|are|be|is|use|by|auf|zu|mit|sind|sollen|nutze|vers|à|par|avec|sont|a|por|con|son|sean|sono"
    r"|naar|met|zijn|na|są|para|são|(?:name)?servers?|hosts?)|[:=→]|[-=–]>)[\s*•\"'`]*(?:\d[.)]\s*)?(?:the\s+)?$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"[\s,;/&+*•\"'`–-]*(?:(?:and|und|et|y|e|i|en|oraz|plus|as well as)\b)?[\s*•\"'`–-]*"
    r"(?:(?:(?:ns|dns|name[ -]?server|server)?\s*\d|primary|secondary)\s*[.):=]*\s*)?",
    re.IGNORECASE,
)
_NEXT_LINE = re.compile(r"[ \t:]*\n[\s*•–\d.)-]*")
_PUBLIC_SECOND = frozenset("co com org net ac gov edu ltd plc me or ne go nom".split())
_HOSTS = ("ns", "dns", "mail", "smtp", "imap", "ftp", "webmail", "cpanel")

_CYCLES = {
    "monthly": r"monthly|per month|every month|month by month|by the month|monatlich\w*|pro monat|mensuel\w*|par mois"
    r"|au mois|mensual\w*|al mes|por m[eê]s|mensal\w*|mensil\w*|al mese|maandelijks\w*|per maand|miesięczn\w+"
    r"|co miesiąc",
    "quarterly": r"quarterly|every quarter|vierteljährlich\w*|quartalsweise|pro quartal|trimestriel\w*|par trimestre"
    r"|trimestral\w*|per kwartaal|kwartaln\w+|co kwartał",
    "semiannually": r"semi-?annually|half-?yearly|every six months|halbjährlich\w*|semestriel\w*|semestral\w*"
    r"|halfjaarlijks\w*|półroczn\w+|co pół roku",
    "annually": r"annually|yearly|annual|per year|every year|jährlich\w*|pro jahr|annuel\w*|par an|à l['’]année"
    r"|anual\w*|al año|por a[nñ]o|ao ano|annual[ei]\w*|all['’]anno|jaarlijks\w*|per jaar|roczn\w+|co rok",
    "biennially": r"biennially|every two years|zweijährlich\w*|alle zwei jahre|tous les deux ans|cada dos años"
    r"|ogni due anni|elke twee jaar|co dwa lata|a cada dois anos",
    "triennially": r"triennially|every three years|dreijährlich\w*|alle drei jahre|tous les trois ans|cada tres años"
    r"|ogni tre anni|elke drie jaar|co trzy lata|a cada três anos",
}
_PRIORITIES = {
    "High": r"high|urgent\w*|critical|hoch|hohe[rn]?|dringend\w*|haute|élevée?|alta|urgencia|urgência|hoge?|spoed"
    r"|wysoki\w*|piln\w+",
    "Medium": r"medium|normal|mittel|moyenne|media|média|gemiddeld\w*|średni\w*",
    "Low": r"low|niedrig\w*|gering\w*|basse|faible|baja|baixa|bassa|laag|niski\w*",
}
_WHEN = {
    "end_of_period": r"end of (?:the |its |my |this )?(?:billing |paid |current )?(?:period|term|month|year|cycle)"
    r"|period ends|when it (?:ends|expires|runs out)|at the end|next due date"
    r"|zum (?:nächstmöglichen \w+|ende|ablauf|\w+ende)|(?:ende|ablauf) (?:des|der) \w+|vertragsende|laufzeitende"
    r"|fin de (?:la |cette |ma )?(?:période|facturation)|fin du (?:contrat|mois|cycle)|à (?:l['’])?échéance|à la fin"
    r"|fin(?:al)? del? (?:per[ií]odo|contrato|ciclo|mes|año)|al vencimiento|cuando venza|al final"
    r"|(?:fim|final) d[oe] (?:per[ií]odo|contrato|ciclo|m[eê]s|ano)|no vencimento|no (?:fim|final)"
    r"|fine (?:de(?:l|ll['’]) ?)?(?:periodo|contratto|ciclo|mese|anno|abbonamento)|alla scadenza|alla fine"
    r"|einde? van (?:de|het) \w+|einde (?:periode|looptijd|contract)|aan het einde|vervaldatum"
    r"|(?:koniec|końcem|końca|końcu|upływem) (?:okresu|umowy|roku|miesiąca|cyklu)|na koniec",
    "immediate": r"immediate(?:ly)?|right away|right now|at once|today|instantly|sofort\w*|fristlos|noch heute"
    r"|immédiat\w*|tout de suite|sur-le-champ|inmediat\w+|ahora mismo|imediat\w+|immediat\w+|subito"
    r"|onmiddellijk\w*|per direct|meteen|natychmiast\w*|od razu",
}
_LANGUAGES = {
    "en": r"english|englisch|anglais|inglés|inglese|engels|angielsk\w+|inglês",
    "de": r"german|deutsch|allemand|alemán|tedesco|duits|niemieck\w+|alemão",
    "fr": r"french|französisch|français|francés|francese|frans|francusk\w+|francês",
    "es": r"spanish|spanisch|espagnol|español|spagnolo|spaans|hiszpańsk\w+|espanhol",
    "it": r"italian|italienisch|italien|italiano|italiaans|włosk\w+",
    "nl": r"dutch|niederländisch|holländisch|néerlandais|neerlandés|olandese|nederlands|niderlandzk\w+|holandês",
    "pl": r"polish|polnisch|polonais|polaco|polacco|pools|polsk\w+|polonês",
    "pt": r"portuguese|portugiesisch|portugais|portugués|portoghese|portugees|portugalsk\w+|português",
}
_TOOLS = {
    "forwarders": r"forwarders?|e-?mail forwarding|forwarded|weiterleit\w+|weitergeleitet|redirections?|redirig\w+"
    r"|reenv[ií]\w+|redirec\w+|reencaminh\w+|inoltr\w+|doorstu\w+|doorgestuurd|przekierow\w+",
    "autoresponders": r"auto-?responders?|auto-?repl(?:y|ies)|(?:vacation|holiday|automatic) (?:reply|message)"
    r"|out of office|abwesenheits\w+|urlaubs\w+|réponses? automatiques?|répondeurs?|message d['’]absence"
    r"|respuestas? automáticas?|respostas? automáticas?|rispost[ae] automatic\w+|risponditore|afwezigheids\w+"
    r"|autoodpowied\w+",
    "backup": r"backups?|back-ups?|(?:daten)?sicherung(?:en)?|sauvegardes?|copias? de seguridad|cópias? de segurança"
    r"|copi[ae] di sicurezza|reservekopie\w*|kopi\w+ zapasow\w+",
    "subdomains": r"sub-?domain\w*|sous-domaines?|subdominios?|subdomínios?|sottodomini\w*|subdomein\w*|subdomen\w+",
    "addon_domains": r"add-?on[ -]domain\w*|second domain|(?:zweite|weitere|zusätzliche) domain"
    r"|(?:deuxième|second) domaine|segundo dom[ií]nio|secondo dominio|tweede domein|drug\w+ domen\w+",
    "cron_jobs": r"cron(?:[ -]?jobs?)?",
    "phpmyadmin": r"php ?my ?admin",
    "mysql": r"mysql|databases?|datenbank(?:en)?|bases? de (?:données|datos|dados)|bancos? de dados|databank(?:en)?"
    r"|baz\w+ danych",
    "awstats": r"aw ?stats|visitors?|statisti(?:cs|que|ques)|besucher\w*|statistik\w*|visiteurs|visit(?:as|antes)"
    r"|visitatori|estadísticas|estatísticas|statistiche|bezoekers\w*|statistiek\w*|odwiedzin\w*|statystyk\w*",
    "wordpress": r"wordpress",
    "file_manager": r"file manager|files|datei(?:en|manager)|fichiers|archivos|ficheiros|arquivos|file|bestanden"
    r"|plik(?:i|ów|ami)",
    "email_accounts": r"e-?mail accounts|mailbox(?:es)?|postf[aä]ch(?:er)?|e-?mail-?konten|boîtes? (?:mail|e-?mail)"
    r"|boîtes? aux lettres|comptes? (?:de messagerie|e-?mail)|buz[oó]n(?:es)?|cuentas? de correo"
    r"|caixas? de (?:correio|e-?mail)|casell[ae]|mailboxen|postvak(?:ken)?|e-?mailaccounts?|skrzyn\w+",
}
"""The special before what is also said in passing: the backup of the files is a backup."""
_GIVEN_UP = re.compile(
    r"\b(?:instead of|rather than|not|from|statt|anstatt|anstelle von|nicht|von|au lieu d(?:e\s|['’])|plutôt que"
    r"|en vez de|en lugar de|em vez de|invece (?:di|che)|anziché|in plaats van|niet|zamiast|nie)\s*(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""What stands behind these words is what there was: "yearly instead of monthly"."""


def _words(table: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((value, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for value, words in table.items())


_NAMED_BY_WORDS = {
    "cycle": _words(_CYCLES),
    "priority": _words(_PRIORITIES),
    "when": _words(_WHEN),
    "language": _words(_LANGUAGES),
    "tool": _words(_TOOLS),
}


def hosts_and_domains(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name servers, and the domains that are none; lower case, without www, scheme or path, each once, in order.

    A host is known by its own name ("ns1.…"), or by the words around it: "the nameservers of a.example to b.c.example".
    """
    text = EMAIL.sub(" ", text)
    found = dict.fromkeys(match.group(1).lower().rstrip(".") for match in DOMAIN.finditer(text))
    told = _told_as_hosts(text)
    hosts = tuple(name for name in found if name in told or _is_name_server(name))
    if not hosts and len(found) > 1 and _GOES_ON.fullmatch(DOMAIN.sub("", text).replace("\n", " ").strip()):
        hosts = tuple(filter(_is_below_a_domain, found))  # Nothing but such names: the answer to "which ones?".
    return hosts, tuple(name for name in found if name not in told and not _is_host(name))


def _told_as_hosts(text: str) -> frozenset[str]:
    """What is listed behind a word for name servers, or below it: names under a registered one only."""
    if not _ANNOUNCED.search(text):
        return frozenset()
    told: list[str] = []
    end, listing = 0, False
    for match in DOMAIN.finditer(text):
        gap, name = text[end : match.start()], match.group(1).lower().rstrip(".")
        begins = _LEADS.search(gap) or (_NEXT_LINE.fullmatch(gap) and _ANNOUNCED.search(text[: match.start()]))
        listing = bool(begins) or (listing and _GOES_ON.fullmatch(gap) is not None)
        if listing and _is_below_a_domain(name):
            told.append(name)
        end = match.end()
    return frozenset(told)


def _is_below_a_domain(name: str) -> bool:
    """Three labels or more, four with an ending such as .co.uk."""
    labels = name.split(".")
    return len(labels) > (3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _PUBLIC_SECOND else 2)


def domains(text: str) -> tuple[str, ...]:
    return hosts_and_domains(text)[1]


def _is_host(name: str) -> bool:
    """Name servers and mail hosts are not the domains people mean."""
    first = name.partition(".")[0].rstrip("0123456789")
    return first in _HOSTS and name.count(".") >= 2


def _is_name_server(name: str) -> bool:
    first = name.partition(".")[0].rstrip("0123456789")
    return first in ("ns", "dns") and name.count(".") >= 2


def invoices(text: str) -> tuple[str, ...]:
    """Invoice numbers, digits as written ("INV-9001" gives "9001")."""
    found = (_NUMBER.search(match.group(1)) for match in INVOICE.finditer(text))
    return tuple(dict.fromkeys(match.group(0) for match in found if match))


def _groups(pattern: re.Pattern[str]) -> Callable[[str], tuple[str, ...]]:
    return lambda text: tuple(dict.fromkeys(next(filter(None, match.groups())) for match in pattern.finditer(text)))


def amounts(text: str) -> tuple[str, ...]:
    """With a decimal point, without the currency."""
    return tuple(amount.replace(",", ".") for amount in _groups(AMOUNT)(text))


def years(text: str) -> tuple[str, ...]:
    return tuple(_NUMERALS.get(number.lower(), number) for number in _groups(YEARS)(text))


def named(text: str) -> Mapping[str, tuple[str, ...]]:
    """Everything the text names, by the kind of entity (core.forms)."""
    hosts, names = hosts_and_domains(text)
    found = {
        "domain": names,
        "nameserver": hosts,
        "invoice": invoices(text),
        "ticket": _groups(TICKET)(text),
        "email": tuple(dict.fromkeys(EMAIL.findall(text))),
        "amount": amounts(text),
        "years": years(text),
        "text": (text.strip(),) if text.strip() else (),
    }
    for kind, values in _NAMED_BY_WORDS.items():
        found[kind] = _by_words(text, values)
    return found


def _by_words(text: str, values: Sequence[tuple[str, re.Pattern[str]]]) -> tuple[str, ...]:
    said = [(value, match) for value, pattern in values if (match := pattern.search(text))]
    meant = [value for value, match in said if not _GIVEN_UP.search(text[: match.start()])]
    return tuple(meant or (value for value, _ in said))
