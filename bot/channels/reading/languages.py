"""What mail programs write into a reply, by language: one table, and the patterns that are made of it.

A new language or client is a few words more here. Everything is lower case and matched after normalising
(NFC, no zero-width characters, single blanks). Languages: en de fr es it pt nl sv da nb fi pl cs sk hu ro ru uk bg sr hr
sl lt lv et el tr ca gl eu he ar fa hi vi th id zh ja ko.
"""

# ruff: noqa: E501

from __future__ import annotations

import re

# A line that introduces a quote begins with one of these and holds a verb below ("On … wrote:", "Am … schrieb …:").
OPENERS = (
    "on", "at", "am", "le", "el", "il", "em", "no dia", "op", "den", "på", "d.", "w dniu", "dnia", "dne", "dňa", "pe data de",
    "în data de", "în", "in data", "la data de", "il giorno", "il dì", "a les", "el dia", "el día", "vào", "pada", "στις", "στις",
    "на", "ngày", "tg", "ons", "kl", "vom", "um", "du", "les", "op", "in", "em", "o dia", "a", "dana", "dne", "ob", "kuupäeval",
    "dnia", "w", "on the", "date:", "le:",
)  # fmt: skip

# "wrote", in every form that a client writes.
VERBS = (
    "wrote", "writes", "writes that", "said", "has written",
    "schrieb", "schrieb am", "schreibt", "hat geschrieben", "geschrieben", "schrieb folgendes",
    "a écrit", "à écrit", "écrit", "écrivait", "a ecrit",
    "escribió", "escribio", "ha escrito", "escribía", "escriba",
    "ha scritto", "scrive", "scriveva", "scritto",
    "escreveu", "escreveu:", "escrevia", "a escrit",
    "schreef", "heeft geschreven", "heeft het volgende geschreven", "schreef het volgende",
    "skrev", "skriver", "har skrivit", "skrev følgende", "skrev följande", "har skrevet",
    "kirjoitti", "kirjoittaa",
    "napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "napisal", "napisal(a)", "napisał(-a)", "pisał",
    "napsal", "napsal(a)", "napsala", "odesílatel", "píše", "napísal", "napísala", "napísal(a)", "napísal/a",
    "írta", "ezt írta", "a következőt írta", "írta a következőt",
    "a scris", "a scris următoarele", "scrie",
    "написал", "написала", "написал(а)", "пишет", "писал", "писал(а)", "написав", "написала", "написав(ла)", "пише",
    "написав(-ла)", "написа", "писа", "је написао", "је написао/ла", "je napisao", "je napisao/la", "je napisala", "je pisao",
    "je napisal", "je napisal/-a", "je napisal/a", "piše", "rašė", "parašė", "rakstīja", "kirjutas",
    "έγραψε", "yazdı", "şunu yazdı", "şunları yazdı", "yazmış",
    "va escriure", "ha escrit", "escrigué", "escribiu", "idatzi du", "hau idatzi du",
    "כתב", "כתבה", "כתב/ה", "מאת", "كتب", "كتبت", "نوشت", "ने लिखा", "đã viết", "viết", "เขียนว่า", "menulis",
    "写道", "寫道", "写到", "来信", "のメール", "のメッセージ", "が書きました", "は書きました", "さんは書きました", "が書いた",
    "wrote", "님이 작성", "작성", "님이 작성함", "썼습니다",
)  # fmt: skip

# Introductions that have the verb (or a noun) in front of the name.
LEADS = (
    "quoting", "zitat von", "citando", "citat fra", "citat från", "citeren", "citat od", "citace od", "cytowanie",
    "missatge de", "mensaje de", "message de", "message du", "selon", "en réponse à", "in reply to", "in response to",
    "in message", "in article", "citando a", "quoted from", "cita de", "citazione di", "idézem", "цитирую", "сообщение от",
    "lainaus", "nachricht von", "bericht van",
)  # fmt: skip

# Words of a forwarding: what follows is kept, it is why the person writes.
FORWARDED = (
    "forwarded message", "forwarded mail", "forwarded by", "begin forwarded message", "fwd message", "forwarded email",
    "forwarded letter",
    "weitergeleitete nachricht", "anfang der weitergeleiteten", "anfang der weitergeleiteten nachricht",
    "weitergeleitete e-mail", "weitergeleitet von", "ursprünglich gesendete nachricht",
    "message transféré", "message réexpédié", "début du message réexpédié", "début du message transféré", "mail transféré",
    "message suivi", "transféré par",
    "mensaje reenviado", "inicio del mensaje reenviado", "reenviado por", "correo reenviado",
    "messaggio inoltrato", "inizio messaggio inoltrato", "messaggio inoltrato", "inoltrato da",
    "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem reenviada", "início da mensagem reencaminhada", "início da mensagem encaminhada",
    "doorgestuurd bericht", "begin doorgestuurd bericht", "doorgezonden bericht",
    "vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat e-postmeddelande",
    "videresendt melding", "videresendt meddelelse", "start på videresendt", "videresendt besked", "start på den videresendte",
    "välitetty viesti", "edelleen lähetetty viesti", "välitetty sähköposti", "välitetty viesti alkaa",
    "przekazana wiadomość", "wiadomość przekazana dalej", "treść przekazanej wiadomości", "początek przekazywanej wiadomości",
    "přeposlaná zpráva", "předaná zpráva", "začátek přeposílané zprávy", "preposlaná správa",
    "továbbított üzenet", "továbbított levél", "mesaj redirecționat", "mesaj redirectat", "început mesaj redirecționat",
    "пересылаемое сообщение", "пересланное сообщение", "начало переадресованного сообщения", "пересланное письмо",
    "начало перенаправленного сообщения", "переслане повідомлення", "переадресоване повідомлення", "препратено съобщение",
    "iletilen mesaj", "yönlendirilen mesaj", "yönlendirilmiş ileti", "yönlendirilmiş mesaj", "iletilen ileti",
    "προωθημένο μήνυμα", "missatge reenviat", "הודעה שהועברה", "رسالة مُعاد توجيهها", "الرسالة المحولة", "tin nhắn đã chuyển tiếp",
    "转发的邮件", "转发邮件信息", "转发邮件", "轉寄郵件", "轉寄的郵件", "転送メッセージ", "転送されたメッセージ", "전달된 메시지", "전달된 메일",
    "原始邮件信息", "transferred message", "pesan terusan", "pesan yang diteruskan",
)  # fmt: skip

# "Original message", between dashes or underscores.
ORIGINAL = (
    "original message", "original mail", "original email", "original e-mail", "original appointment", "reply message",
    "original text", "reply above this line", "message from", "previous message", "original meeting request",
    "ursprüngliche nachricht", "urspr. nachricht", "originalnachricht", "original-nachricht", "ursprüngliche mail",
    "ursprünglicher termin", "originale nachricht", "ursprungliche nachricht", "original nachricht", "originaltermin",
    "message d'origine", "message d’origine", "message original", "message initial", "courriel original", "mail original",
    "mensaje original", "correo original", "messaggio originale", "mail originale", "messaggio di origine",
    "mensagem original", "mensaxe orixinal", "missatge original",
    "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht", "oorspronkelijk e-mailbericht",
    "ursprungligt meddelande", "originalmeddelande", "orginalmeddelande", "ursprungsmeddelande", "originalmeddelelse",
    "oprindelig meddelelse", "original meddelelse", "oprindelig mail", "opprinnelig melding", "original melding",
    "opprinnelig e-post", "alkuperäinen viesti",
    "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna", "původní zpráva", "originální zpráva",
    "pôvodná správa", "eredeti üzenet", "eredeti levél", "mesajul original", "mesaj original", "mesajul inițial",
    "исходное сообщение", "оригинальное сообщение", "оригинал сообщения", "исходное письмо", "первоначальное сообщение",
    "вихідне повідомлення", "оригінальне повідомлення", "початкове повідомлення", "оригинално съобщение", "originalna poruka",
    "izvorna poruka", "izvirno sporočilo", "originalno sporočilo", "originali žinutė", "algne kiri", "sākotnējā ziņa",
    "orijinal mesaj", "özgün ileti", "özgün mesaj", "orijinal ileti", "orjinal mesaj", "asıl ileti",
    "αρχικό μήνυμα", "הודעה מקורית", "الرسالة الأصلية", "رسالة أصلية", "thư gốc", "tin nhắn gốc", "pesan asli",
    "原始邮件", "原邮件", "原始郵件", "原始訊息", "原郵件", "回复的原邮件", "回复邮件", "元のメッセージ", "元のメール", "original message",
    "オリジナルメッセージ", "원본 메시지", "원본 메일", "원본메시지", "원래 메시지", "원본 이메일",
)  # fmt: skip

# The marker that desks print above their own mails.
REPLY_ABOVE = (
    "reply above this line", "type your reply above this line", "please reply above this line", "write above this line",
    "please type your reply above this line", "please do not write below this line", "reply above",
    "antworten sie oberhalb dieser", "antworten sie über dieser", "bitte antworten sie oberhalb", "oberhalb dieser zeile",
    "über dieser zeile",
    "répondre au-dessus de cette ligne", "répondez au-dessus de cette ligne", "au-dessus de cette ligne",
    "responda por encima de esta línea", "responda encima de esta línea", "encima de esta línea", "sobre esta línea",
    "rispondi sopra questa", "rispondere sopra questa", "sopra questa riga", "sopra questa linea",
    "responda acima desta linha", "acima desta linha", "antwoord boven deze", "boven deze regel", "boven deze lijn",
    "svara ovanför denna", "ovanför den här raden", "ovanför denna rad", "svar over denne", "over denne linje", "over denne linjen",
    "skriv dit svar over", "vastaa tämän rivin yläpuolelle", "tämän rivin yläpuolelle", "odpowiedz powyżej tej", "powyżej tej linii",
    "odpovězte nad tímto", "nad tímto řádkem", "nad touto čárou", "válaszoljon e sor", "e sor fölé", "deasupra acestei linii",
    "ответьте выше этой", "выше этой строки", "выше этой линии", "вище цього рядка", "вище цієї лінії", "bu satırın üstüne",
    "bu satırın üzerine", "この行より上", "この線より上", "この行の上", "请在此行上方", "在此行上方", "请在此线以上", "請在此行上方",
    "이 줄 위에", "이 선 위에",
)  # fmt: skip

# Labels of the header block that Outlook and its kin copy above the quoted mail.
FROM = (
    "from", "von", "de", "expéditeur", "da", "van", "fra", "från", "lähettäjä", "od", "nadawca", "odesílatel", "odosielateľ",
    "feladó", "de la", "expeditor", "от", "от кого", "від", "отправитель", "от:", "kimden", "gönderen", "από", "remitente",
    "mittente", "afzender", "absender", "remetente", "发件人", "寄件者", "寄件人", "發件人", "差出人", "送信者", "보낸 사람", "보낸사람", "보낸이",
    "מאת", "من", "từ", "dari", "nuo", "no", "saatja", "kellelt", "šalje", "pošiljatelj", "šta", "mengirim", "remitent", "од",
)  # fmt: skip
SENT = (
    "sent", "date", "sent at", "sent on", "gesendet", "datum", "gesendet am", "envoyé", "envoyé le", "envoyé :", "enviado",
    "enviado el", "enviado em", "enviada", "enviada em", "fecha", "inviato", "data", "data:", "verzonden", "sendt", "dato",
    "skickat", "lähetetty", "päivämäärä", "päiväys", "wysłano", "wysłane", "odesláno", "odoslané", "dátum", "elküldve", "küldve",
    "trimis", "data trimiterii", "отправлено", "дата", "надіслано", "відправлено", "gönderilen", "gönderildi", "tarih",
    "gönderme tarihi", "ημερομηνία", "στάλθηκε", "enviat", "poslano", "発信日時", "发送时间", "发送日期", "日期", "时间", "時間",
    "寄件日期", "傳送時間", "发件时间", "送信日時", "日付", "日時", "보낸 날짜", "날짜", "받은 날짜", "보낸날짜", "נשלח", "תאריך",
    "التاريخ", "تم الإرسال", "ngày", "đã gửi", "tanggal", "dikirim", "išsiųsta", "nosūtīts", "saadetud", "kuupäev", "изпратено",
    "послато", "датум",
)  # fmt: skip
TO = (
    "to", "an", "à", "a", "para", "aan", "til", "till", "vastaanottaja", "do", "komu", "dla", "adresat", "címzett", "către", "кому",
    "kime", "alıcı", "προς", "destinatario", "destinataire", "pour", "empfänger", "收件人", "收件者", "宛先", "받는 사람", "받는사람",
    "אל", "إلى", "tới", "đến", "kepada", "kam", "kellele", "за", "до",
)  # fmt: skip
COPY = (
    "cc", "copie", "copie à", "kopie", "kopi", "kopia", "dw", "kopio", "másolatot kap", "másolat", "копия", "копія", "bilgi",
    "κοιν", "抄送", "副本", "ｃｃ", "참조", "c.c", "bcc", "cci", "cópia", "con copia", "per conoscenza", "ccn", "kópia", "עותק", "نسخة",
)  # fmt: skip
SUBJECT = (
    "subject", "betreff", "objet", "sujet", "asunto", "oggetto", "assunto", "onderwerp", "emne", "ämne", "aihe", "temat",
    "předmět", "predmet", "tárgy", "subiect", "тема", "konu", "θέμα", "assumpte", "主题", "主旨", "标题", "件名", "제목", "נושא",
    "الموضوع", "موضوع", "chủ đề", "tiêu đề", "subjek", "perihal", "tema", "teema", "относно", "предмет", "re", "zadeva",
)  # fmt: skip
OTHER_LABELS = (
    "reply-to", "reply to", "antwort an", "répondre à", "responder a", "importance", "wichtigkeit", "importancia", "priority",
    "priorität", "prioridad", "attachments", "anlagen", "pièces jointes", "datos adjuntos", "anexos", "allegati", "bijlagen",
    "organization", "organisation", "mailed-by", "signed-by", "in reply to", "message-id", "newsgroups", "resent-from",
    "vedlegg", "vedhæftede filer", "liitteet", "załączniki", "přílohy", "вложения", "附件", "添付ファイル", "첨부",
    "sensitivity", "categories", "flag status", "follow up flag", "when", "where", "required attendees", "list-id", "resent",
)  # fmt: skip

# What programs put before the subject of a forwarded mail, and of an answer.
FORWARD_PREFIXES = (
    "fwd", "fw", "wg", "tr", "rv", "i", "inoltro", "enc", "res-enc", "doorst", "pd", "podaj dalej", "vb", "vl", "ff",
    "továbbítás", "tovább", "přeposláno", "пересл", "ilt", "转发", "轉寄", "転送", "전달",
)  # fmt: skip
ANSWER_PREFIXES = (
    "re", "aw", "antw", "antwort", "rép", "r", "rif", "res", "resp", "sv", "vs", "odp", "ha", "na", "bls", "ynt", "отв", "hv", "vá",
    "回复", "答复", "回覆", "返信", "답장",
)  # fmt: skip

# "From: x on behalf of y": Outlook names the one that sent it and the one who is meant.
ON_BEHALF = (
    "on behalf of", "im auftrag von", "de la part de", "au nom de", "en nombre de", "per conto di", "namens", "em nome de",
    "w imieniu", "på vegne af",
)  # fmt: skip

# Lines that phones and webmails put under what is written on them. Matched against a whole line.
SENT_FROM = (
    r"sent (?:via|from|with|using|by|through) (?:my |the |a )?[^.!?]{2,60}[.!]?",
    r"sent on (?:the )?[^.!?]{0,20}\b(?:phone|network|galaxy|mobile|blackberry|device)\b[^!?]{0,30}",
    r"(?:get|download) (?:outlook|spark|boxer|mail\.ru|the new|airmail|newton|yahoo mail|bluemail|type) ?(?:for|app|mail|on)?[^?]{0,60}",
    r"sent from (?:mail|outlook|windows mail|yahoo mail) for [^?]{2,60}",
    r"(?:this (?:e-?mail|message|mail) (?:was|has been) )?sent (?:from|with|using) [^?!]{2,80}(?:phone|ipad|android|mobile|tablet|blackberry|mail|outlook|k-9)[^?!]{0,80}",
    r"please excuse (?:my brevity|(?:any )?typos|the brevity)[^?]{0,40}",
    r"sent from my [^?!]{2,40}[.,]? (?:please )?(?:excuse|pardon|forgive|apolog)[^?]{0,60}",
    r"von (?:meinem|meiner|unterwegs|mein)\b[^?!]{0,60}(?:gesendet|verschickt|geschickt)[^?!]{0,20}",
    r"(?:diese (?:nachricht|e-?mail|mail) wurde )?(?:gesendet|verschickt|versendet) (?:von|mit|via|aus|über) [^?!]{2,80}",
    r"(?:diese (?:nachricht|e-?mail|mail) wurde )?(?:von|mit) [^?!]{2,80} (?:gesendet|verschickt|versendet)[^?!]{0,10}",
    r"outlook für (?:ios|android) (?:beziehen|abrufen|herunterladen)?[^?!]{0,60}", r"holen sie sich outlook[^?!]{0,60}",
    r"bitte entschuldigen sie[^?]{0,20} kürze[^?]{0,20}",
    r"(?:envoyé|envoyée|provenance)(?: du| de| depuis| par| avec| à partir| via| :)[^?!]{2,80}", r"(?:obtenez|obtenir|téléchargez) outlook[^?!]{0,60}",
    r"(?:enviado|mandado)(?: desde| de| con| por| via| a partir| através| do| da| pelo| pela)[^?!]{2,80}",
    r"(?:obtener|obtén|descarga|obter|obtenha|baixe) (?:o )?outlook[^?!]{0,60}", r"enviat (?:des del|des de|amb)[^?!]{2,60}",
    r"(?:inviato|spedito|mandato) (?:da|dal|dalla|dallo|con|tramite|via)\b[^?!]{2,80}", r"(?:ottieni|scarica) outlook[^?!]{0,60}",
    r"(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|via|van|door|uit)[^?!]{2,80}", r"(?:outlook voor|download outlook)[^?!]{2,60}",
    r"(?:skickat|skickades|sänt) (?:från|med|via)[^?!]{2,80}", r"(?:hämta|skaffa) outlook[^?!]{0,60}",
    r"sendt (?:fra|med|via)[^?!]{2,80}", r"(?:hent|få|skaff) outlook[^?!]{0,60}",
    r"lähetetty [^?!]{2,80}", r"(?:hanki|lataa) outlook[^?!]{0,60}",
    r"(?:wysłane|wysłano|wysłana) (?:z|za pomocą|przez|przy)\b[^?!]{2,80}", r"(?:pobierz|uzyskaj) outlook[^?!]{0,60}",
    r"(?:odesláno|odesláno|odoslané|odeslané|poslané|posláno) (?:z|ze|pomocí|prostřednictvím|zo)\b[^?!]{2,80}", r"(?:získejte|stáhnout) outlook[^?!]{0,60}",
    r"(?:elküldve|küldve) [^?!]{2,60}", r"[^?!]{2,40}(?:ról|ről|ból|ből|mről|mból) küldve[^?!]{0,20}", r"az [^?!]{2,40} küldve",
    r"(?:trimis|expediat) (?:de pe|din|cu|de la|prin)[^?!]{2,80}",
    r"(?:отправлено|послано|отослано) (?:с|из|через|от)\b[^?!]{2,80}", r"(?:надіслано|відправлено) (?:з|із|через|від)\b[^?!]{2,80}", r"изпратено от[^?!]{2,60}",
    r"[^?!]{2,40}(?:dan|den|tan|ten) gönderildi[^?!]{0,20}", r"(?:outlook for|android için|ios için)[^?!]{0,40}outlook[^?!]{0,20}",
    r"στάλθηκε (?:από|με)[^?!]{2,60}", r"נשלח מ[^?!]{2,60}", r"(?:أُرسلت|أرسلت|تم الإرسال) من[^?!]{2,60}", r"(?:gửi|được gửi) từ[^?!]{2,60}", r"dikirim dari[^?!]{2,60}",
    r"(?:从|發自|发自|從|来自)(?:我的|我)? ?[^?!。]{1,40}(?:发送|寄出|傳送|发出)?", r"(?:从|從)[^?!。]{1,40}(?:发送|傳送)", r"(?:由|使用)[^?!。]{1,30}(?:发送|傳送)",
    r"[^?!。]{1,40}から送信(?:しました|されました|)?", r"[^?!。]{1,40}で送信(?:しました|されました|)?", r"[^?!.]{1,40}에서 (?:보냄|보냈습니다|전송)[^?!]{0,10}",
    r"sent from the all[- ]new aol app[^?!]{0,40}", r"-*\s*sent from my [^?!]{2,60}", r"reply by e-?mail to[^?!]{0,80}",
)  # fmt: skip

# What makes a "sent from" line believable; a person's own sentence ("Sent from the warehouse on Monday …") has none.
DEVICES = re.compile(
    r"i ?phon|i ?pad|i ?pod|android|samsung|galaxy|huawei|xiaomi|redmi|nokia|lumia|blackberry|windows|outlook|yahoo|gmail|"
    r"proton|mail\b|mailbox|k-9|thunderbird|htc|sony|xperia|motorola|moto\b|lg\b|oneplus|oppo|vivo|pixel|nexus|palm|treo|mobile|"
    r"handy|smartphone|mobil|portable|móvil|cellulare|tablet|phone|telefon|telefoon|téléphone|teléfono|celular|telefone|puhelin|spark|"
    r"newton|airmail|aol|app\b|web\.?de|gmx|mac\b|macbook|boxer|nine|zoho|fairemail|bluemail|canary|hey\b|apple|watch|wireless|"
    r"верiзон|смартфон|телефон|почт|мобильн|айфон|пошт|모바일|手机|手機|携帯|スマート|スマホ|邮箱|郵箱|邮件|小米|华为|verizon|at&t|t-mobile|"
    r"unterwegs|device|gerät|appareil|dispositivo|apparaat|tutanota|tuta\b|vodafone|orange|sfr|bouygues|honor|cihaz|komórk|laptop|ios\b",
    re.I,
)

MONTHS = re.compile(
    r"jan|feb|fév|mar|mär|apr|avr|abr|ma[yijg]|jun|jui|giu|jul|lug|aug|aoû|ago|sep|set|o[ck]t|ott|out|nov|de[czs]|dic|gen|ene|"
    r"sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|led|úno|bře|dub|kvě|čer|srp|zář|říj|pro|tammi|helmi|maalis|huhti|touko|kesä|heinä|"
    r"elo|syys|loka|marras|joulu|янв|фев|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|гру|oca|şub|"
    r"nis|haz|tem|ağu|eyl|eki|kas|ara|ιαν|φεβ|μαρ|απρ|μαΐ|ιουν|ιουλ|αυγ|σεπ|οκτ|νοε|δεκ|thg|tháng|月|월|ינו|פבר|מרץ|يناير|ian|iun|iul",
    re.I,
)  # fmt: skip


def alternatives(words: tuple[str, ...]) -> str:
    """A regular expression's alternatives, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
