"""What servers and robots write, by language: the tables of reports.py and robots.py.

Lower case; no quantifier stands inside another, so every test is linear in what it looks at.
"""

# ruff: noqa: E501

from __future__ import annotations

import re

_TAG = r"(?:\[[^\]]{1,40}\]:? ?)?"

MAIL_SERVER = re.compile(
    r"mailer-?daemon|^postmaster|system administrator|mail delivery|mail-?daemon|^mmdf|delivery subsystem|mail administrator|^bounce|mail system|"
    r"^no-?reply-?mailer|microsoft ?exchange|^mdaemon|postmaster@|maildelivery|mail router|mail transfer"
)
"""Names and addresses that mail servers write from."""

BOUNCE_SUBJECT = re.compile(
    r"(?:\[[^\]]{1,40}\] ?)?(?:\**\s*)?(?:undeliver|undelivered|delivery (?:reports?|status|failure|failed|report|notification|has failed|error|problem|"
    r"delayed|has been delayed|incomplete|was not)|failure notice|failure delivery|returned mail|non[- ]?deliver|nondeliver|"
    r"mail (?:system error|delivery|failure|could not|not delivered|undeliverable|status report)|message (?:delivery|could not|not delivered|status|"
    r"undeliverable|you sent blocked|delayed)|unable to deliver|could not (?:deliver|send)|warning: (?:could not send|message|e-?mail)|error sending|"
    r"rejected(?: mail)?:|mail rejected|delayed mail|delayed:|returned (?:to sender|e-?mail|message)|bounced?\b|unzustellbar|nicht zustellbar|"
    r"nachricht (?:konnte nicht|nicht)|zustellung|fehler bei der|email nicht|non remis|non distribuable|échec|message non|courrier non|"
    r"no se (?:puede|pudo) entregar|no entregado|devuelto|devolución|error de entrega|correo (?:no|devuelto)|mensaje no|notificación de (?:estado|error)|"
    r"impossibile|mancata consegna|non recapit|messaggio non|notifica di (?:mancat|stato)|não (?:foi possível|entreg)|falha na entrega|mensagem não|"
    r"devolvid|onbestelbaar|niet bezorgd|kan niet|bericht niet|kunde inte|oleverer|ikke lever|kunne ikke|fejl|ei toimit|toimitus|"
    r"niedostarcz|nie dostarczono|zwrot|nedoručitel|nelze doruč|недоставлен|не доставлен|ошибка доставки|сообщение не|не удалось|"
    r"kézbesíthetetlen|nelivr|teslim edilemedi|iletilemedi|系统退信|退信|投递失败|未送达|配信不能|配信エラー|送信できません|undeliverable|반송|배달 실패|"
    r"mail delivery failed|permanent (?:delivery )?(?:error|fail)|user unknown|no such user|automatically rejected mail|"
    r"message delay|sorry|ndn:|mailsystem error|smtp mail failed|e-?mail delivery)"
)
"""How subjects of delivery reports begin."""

BOUNCE_WORDS = re.compile(
    r"did not reach (?:the following|some or all)|could ?n[o']t be delivered|cannot be delivered|was not delivered|unable to deliver|undeliver|not be delivered|"
    r"unknown user|user unknown|no such user|permanent fatal errors|mailbox (?:is )?(?:full|unavailable|not found|does not exist|quota)|"
    r"over ?quota|quota exceeded|recipient (?:address )?rejected|delivery (?:to the following|has failed|failed|attempt|was unsuccessful)|"
    r"(?:has|have) (?:been delayed|not been delivered)|returned to (?:sender|you)|bounced|could not deliver|failed to deliver|"
    r"address(?:es)? (?:had|failed|not found|rejected|couldn)|transcript of session|this is the (?:mail|postfix|qmail)|no longer (?:active|valid|available)|"
    r"does not exist|mail system|rejected (?:by|your)|nicht zugestellt|konnte nicht|unzustellbar|n'a pas pu|non remis|no (?:pudo|se pudo|ha podido)|"
    r"non è stato|impossibile|não (?:pôde|foi)|niet (?:worden|bezorgd)|kunde inte|kunne ikke|не (?:удалось|может быть|доставлено)|无法|失败|退信|できません|account (?:disabled|inactive)"
)
"""What stands in the first lines of delivery reports."""

DELAYED = re.compile(
    r"delayed|still (?:being )?(?:trying|retrying|retried)|will (?:keep|continue to (?:try|be)|be retried|retry)|warning message only|"
    r"do not need to resend|not yet been delivered|wird (?:weiterhin|erneut)|verzögert|retardé|demorad|message will be retried|"
    r"delivery attempts will continue|could not send message for past|has not been delivered yet|queued for delivery"
)
"""Not yet delivered: the server goes on trying."""

GIVEN_UP = re.compile(
    r"permanent|giving up|given up|gave up|fatal|no further|has failed|failed permanently|delivery failed|i'm not going to try again"
)
"""The server has given up."""

RETURNED = re.compile(
    r"(?im)^(?:-{2,}.{0,10}(?:copy|original|returned|message|headers|below|follow|undelivered|ursprüngl)|"
    r"received: |return-path: |.{0,30}(?:copy of the message|original message (?:header|follow)|below this line|headers of the message|"
    r"message contents follow|unsent message below|original message|message headers|returned message))"
)
"""Where the returned mail begins."""

VACATION_SUBJECT = re.compile(
    _TAG
    + r"(?:automat(?:ic|ed|ische?|isk|iskt|isches|yczna|ická|ique)? ?-?(?:reply|response|answer|antwort|svar|antwoord|odpowied[źz]|odpověď|email reply)|"
    r"auto[- ]?(?:reply|response|responder|replied|antwort|svar|répond)|out[- ]of(?:[- ]the)?[- ]?office|ooo:|oof:|ooto|out of the office|"
    r"i am (?:currently )?(?:out of|away|on vacation)|away from (?:my )?(?:mail|office|email)|vacation (?:reply|response|message|notice)|"
    r"abwesenheits|automatische abwesenheit|ich bin (?:nicht im|im urlaub)|nicht im büro|urlaubsabwesenheit|außer haus|"
    r"réponse automatique|réponse d.absence|absence du bureau|absen(?:t|ce) (?:du bureau|de mon bureau)|message d.absence|absence :|en congé|"
    r"respuesta automática|respuesta autom|fuera de (?:la )?oficina|ausente de la oficina|mensaje automático|resposta autom|"
    r"fora do escritório|fora da empresa|risposta automatica|risposta autom|fuori (?:sede|ufficio|dall.ufficio)|automatisch antwoord|niet aanwezig|"
    r"automatiskt svar|automatisk svar|autosvar|ej på kontoret|ikke på kontoret|ude af kontoret|automaattinen|poissaolo|"
    r"autoodpowied|automatyczna odpowied|poza biurem|automatická odpov|mimo kancelář|automatická odpoveď|"
    r"automatikus válasz|házon kívül|räspuns automat|răspuns automat|în afara biroului|автоответ|автоматический ответ|автоматическое уведомление об отсутствии|"
    r"нет на месте|вне офиса|автоматична відповідь|авто-відповідь|otomatik yanıt|otomatik cevap|ofis dışında|αυτόματη απάντηση|"
    r"自動返信|自動応答|不在通知|自動回覆|自动回复|自动答复|자동 응답|자동응답|부재 중|부재중|trả lời tự động|balasan otomatis)",
)
"""How subjects of vacation notices begin, in the languages of languages.py."""

WEAK_VACATION_SUBJECT = re.compile(
    _TAG
    + r"(?:auto(?:matic)?|on vacation|on holiday|on leave|away|abwesend|abwesenheit|urlaub|absent|absence|absente|en vacances|ausente?|ausencia|"
    r"ausência|assente|assenza|ferie|afwezig|vakantie|frånvarande|frånvaro|semester|fravær|fraværende|ferie|poissa|lomalla|nieobecn\w{2,4}|urlop|"
    r"nepřítomn\w{1,4}|dovolená|szabadság|concediu|отпуск|отсутстви\w|відпустка|відсутн\w{2,4}|izinde|tatilde|休假|外出|休暇|휴가)"
    r"\s*(?:[:：;–-]|$)"
)
"""Single words that mean a vacation only in front of a colon, alone, or in an answer."""

ABOUT_ROBOTS = re.compile(
    r"automatic update|auto(?:matic)?[- ]?(?:reply|response|responder)s? (?:does|do|not|is|are|setup|set up|problem|question|broken|issue|isn|don|in|on|for|how|won|can)"
)
"""Persons who write about automatic replies."""

NO_REPLY = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|mailer-daemon|postmaster|bounces?[+-]|daemon)\b", re.I
)
"""Addresses that nobody reads."""
