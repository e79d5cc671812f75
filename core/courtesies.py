"""Thanks, in the eight languages: a message of which nothing is left for a person, and which opens no ticket again.

A closed list of words, so that each of them is there on purpose: whatever says "but", "not", "still" or "please", asks,
or holds a figure is a message. Two words that are not on the list may be a name; three are something else.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 25
"""Words."""
UNKNOWN = 2
_WORD = re.compile(r"[^\W\d_]+")
_THANKS = (
    "thank", "thx", "cheers", "appreciat", "dank", "merci", "remerci", "graci", "agradec", "agradez", "grazi",
    "ringrazi", "bedank", "dzięk", "dziek", "obrig", "gratias",
)  # fmt: skip
"""What a word of thanks begins with."""
_BUT = frozenset(
    """
    but not no still however yet except unfortunately don doesn didn isn cannot can't please
    aber nicht kein keine noch leider trotzdem jedoch nein bitte
    mais pas non encore toujours malheureusement svp plaît plait
    pero aún todavía sigue siguen lamentablemente desgraciadamente favor
    ma però ancora purtroppo nessun favore cortesia
    maar niet geen nee helaas nog alstublieft alsjeblieft
    ale nie jeszcze niestety jednak wciąż nadal proszę prosze
    mas não nao ainda infelizmente porém
    """.split()
)
_BESIDE = frozenset(
    """
    you u very so much many lot a the an it its is that this s ll ve i we re for your quick fast help support answer
    reply all again works working work worked now fixed solved resolved sorted fine good great perfect awesome excellent
    super nice wonderful ok okay got done up best kind regards wishes team everything everyone have day weekend evening
    was really and to of problem issue hello hi dear sir madam cheers sincerely yours will do
    vielen vielmals herzlichen herzlich ganz schön sehr besten tausend lieben für die den das der ihre ihren deine ihnen
    dir euch schnelle schnellen prompte hilfe unterstützung antwort rückmeldung lösung alles es geht funktioniert läuft
    klappt jetzt nun wieder hat ist gelöst erledigt behoben passt gut prima toll klasse wunderbar perfekt freundliche
    freundlichen grüße grüßen gruß viele liebe mit beste schönen tag abend wochenende noch wünsche hallo guten ich wir
    und problem damit team mfg lg vg
    beaucoup bien mille infiniment vous pour votre vos ton ta la le les l cette aide rapide rapidité réponse soutien
    intervention tout c est ça ca marche fonctionne maintenant nouveau de à parfait super génial résolu réglé bonne bon
    journée soirée cordialement bonjour salutations meilleures et a été problème équipe je
    muchas muchísimas mil muchos por su tu la las los lo el ayuda rápida rapida respuesta soporte ya funciona todo
    está esta ahora perfecto genial excelente resuelto solucionado saludos cordiales un saludo buen día bien ha sido
    problema equipo hola y de nuevo
    mille tante molte infinite per l il lo la le vostro vostra suo sua tuo tua aiuto rapido rapida veloce risposta
    supporto assistenza adesso ora funziona tutto di nuovo perfetto ottimo risolto saluti cordiali buona giornata serata
    ciao bene è problema e del dell della vi ti
    u je wel jullie hartelijk hartelijke veel voor de het uw snelle hulp antwoord ondersteuning werkt weer nu alles
    doet opgelost verholpen prima perfect top geweldig met vriendelijke groet groeten fijne dag avond weekend is goed
    probleem en hallo
    bardzo serdecznie wielkie za pomoc szybką szybka odpowiedź odpowiedz wsparcie państwu panu pani teraz już juz
    działa dziala wszystko znowu super świetnie swietnie dobrze idealnie rozwiązane pozdrawiam pozdrowienia miłego dnia
    dzień dobry problem i jest z
    muito muita muitos pela pelo sua seu vossa ajuda rápida rapida resposta apoio suporte suas agora já ja funciona
    tudo está esta perfeito ótimo otimo excelente resolvido cumprimentos atenciosamente bom boa dia tarde noite fim
    semana abraço problema olá ola e do da o os as um uma
    """.split()
)


def only_thanks(text: str) -> bool:
    """A courtesy that needs no answer. `text` is what they wrote, without quotes and signature."""
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text))]
    if not words or len(words) > LONGEST or re.search(r"[\d?]", text) or not _BUT.isdisjoint(words):
        return False
    rest = [word for word in words if not word.startswith(_THANKS)]
    return len(rest) < len(words) and sum(word not in _BESIDE for word in rest) <= UNKNOWN
