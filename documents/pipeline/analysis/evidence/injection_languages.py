"""Injection patterns in languages other than English: earlier orders, new ones, and a name for it.

Each: the words it cannot do without, and the pattern around them. "From now on" alone is said to
people; it addresses a model where it goes on to say what is to be said.
"""

from __future__ import annotations

from documents.pipeline.analysis.evidence.injection_patterns import Address

_SOME = r"(?:[\w'’]+,? ){0,4}?"
_REST = r"[^.!?。！？]{0,90}?"

_EARLIER_ORDERS: list[Address] = [
    (
        ("anweisung", "instruktion", "befehl", "vorgabe"),
        r"(?:ignorier(?:e|en sie|t)|missacht(?:e|en sie)|vergi(?:ss|ß)|vergessen sie) (?:bitte )?"
        r"(?:alle )?(?:vorherigen|bisherigen|obigen|vorigen|früheren|deine|ihre) (?:\w+ )?"
        r"(?:anweisungen|instruktionen|befehle|vorgaben)"
        r"|beachte (?:die |deine |alle )+(?:\w+ )?(?:anweisungen|instruktionen|vorgaben) nicht",
    ),
    (
        ("instruc", "istruzion", "instruç", "consigne"),
        r"(?:ignor[ae]n?|olvid[ae]n?) (?:todas )?(?:las|tus|sus) (?:\w+ )?instrucciones"
        r"|(?:haz|haga) caso omiso (?:de|a) (?:todas )?(?:las|tus|sus) (?:\w+ )?instrucciones"
        r"|no (?:hagas?|tengas?) (?:caso|en cuenta) (?:de |a )?(?:las|tus|sus) (?:\w+ )?"
        r"instrucciones"
        r"|(?:ignora|ignori|ignorate|dimentica) (?:tutte )?le (?:\w+ )?istruzioni"
        r"|non (?:tenere|tener) conto delle (?:\w+ )?istruzioni"
        r"|(?:ignore|ignorem|desconsidere|esqueça|esqueca) (?:todas )?as (?:\w+ )?"
        r"instru[cç][oõ]es"
        r"|(?:ignore|oublie)(?:r|z|s)? (?:toutes )?(?:les|tes|vos) (?:\w+ )?"
        r"(?:instructions|consignes) (?:précédente|antérieure|ci-dessus|reçue|initiale)"
        r"|(?:ignore|oublie)(?:r|z|s)? (?:toutes )?(?:tes|vos) (?:\w+ )?(?:instructions|consignes)"
        r"|ignor(?:e|er|ez|ons) (?:toutes )?(?:les|vos|tes) (?:\w+ )?instructions"
        r"|ne (?:tiens|tenez) (?:pas|plus) compte (?:de |des |de tes |de vos )(?:\w+ )?"
        r"(?:instructions|consignes)"
        r"|negeer (?:alle )?(?:vorige|bovenstaande|eerdere|voorgaande) instructies",
    ),
    (
        ("instrukt", "anvisning"),
        r"(?:ignorera|bortse från|glöm|ignorer|glem) (?:alla |alle )?(?:tidigare|ovanstående|dina"
        r"|tidligere|dine) (?:instruktion|anvisning)\w*",
    ),
    (
        ("instrukcj", "polece", "pokyn", "instrukc"),
        r"(?:z?ignoruj|pomiń|zapomnij)(?:cie)? (?:o )?(?:wszystki\w+ )?(?:poprzedni|powyższ"
        r"|wcześniejsz)\w+ (?:instrukcj|polece)\w+"
        r"|(?:nedbej|ignoruj|zapomeň|nedbejte|ignorujte)(?: na)? (?:všech |všechny )?(?:předchoz"
        r"|dřívějš|předešl|výše)\w+ (?:\w+ )?(?:pokyn|instrukc)\w*",
    ),
    (
        ("инструкци", "указани", "інструкц", "вказівк"),
        r"(?:про)?(?:игнорируй|забудь|ігноруй)(?:те)? (?:все |всі )?(?:предыдущие|вышеуказанные"
        r"|прежние|попередні) (?:инструкции|указания|інструкції|вказівки)"
        r"|не (?:обращай|зважай)(?:те)? (?:внимания )?на (?:все )?(?:предыдущие|прежние|попередні) "
        r"(?:инструкции|указания|інструкції|вказівки)",
    ),
    (
        ("talimat", "yönerge"),
        r"(?:önceki|yukarıdaki) (?:tüm |bütün )?(?:talimat|yönerge)\w* (?:yok say|unut"
        r"|dikkate alma)",
    ),
    (
        ("指令", "指示", "命令", "说明", "說明", "提示"),
        r"(?:忽略|无视|忘记|忽視|無視)[^。！？\n]{0,12}(?:指令|指示|说明|說明|提示)"
        r"|(?:以前|上記|これまで|前)の[^。！？\n]{0,6}(?:指示|命令)[^。！？\n]{0,4}無視",
    ),
]

_FROM_NOW_ON: list[Address] = [
    (
        ("von nun an", "ab sofort", "ab jetzt"),
        rf"(?:von nun an|ab sofort|ab jetzt) {_SOME}(?:schreib|antworte|sag|melde|nenn|behaupte)"
        rf"(?:e|est|st|t|en)?(?!\w){_REST} dass(?!\w)",
    ),
    (
        ("désormais", "dorénavant", "à partir de maintenant"),
        rf"(?:désormais|dorénavant|à partir de maintenant),? {_SOME}(?:dis|dire|dites|réponds"
        rf"|répondre|répondez|écris|écrire|écrivez)(?!\w){_REST} qu(?:e |')",
    ),
    (
        ("ahora", "agora", "doravante"),
        r"(?:a partir de ahora|de ahora en adelante|a partir de agora|de agora em diante"
        rf"|doravante),? {_SOME}(?:di|decir|diga|dizer|responde|responda|responder|escribe|escriba"
        rf"|escribir|escreva|escrever)(?!\w){_REST} que(?!\w)",
    ),
    (
        ("d'ora in", "questo momento"),
        rf"(?:d'ora in (?:poi|avanti)|da questo momento(?: in poi)?),? {_SOME}(?:scriv|rispond|dic)"
        rf"(?:i|a|ere|ete)(?!\w){_REST} che(?!\w)",
    ),
    (
        ("отныне", "с этого момента", "впредь", "відтепер", "з цього моменту"),
        rf"(?:отныне|с этого момента|впредь|відтепер|з цього моменту),? {_SOME}(?:пиши|отвечай"
        rf"|говори|утверждай|сообщай|відповідай|кажи)(?:те)?(?!\w){_REST} (?:что|що)(?!\w)",
    ),
    (
        ("od teraz", "od tej chwili", "odtąd"),
        rf"(?:od teraz|od tej chwili|odtąd),? {_SOME}(?:pisz|odpowiadaj|mów|twierdź)(?:cie)?(?!\w)"
        rf"{_REST} że(?!\w)",
    ),
    (
        ("od teď", "od této chvíle", "odteď", "od nynějška"),
        rf"(?:od teď|odteď|od této chvíle|od nynějška),? {_SOME}(?:piš|odpovídej|říkej|tvrď)(?:te)?"
        rf"(?!\w){_REST} že(?!\w)",
    ),
    (
        ("vanaf nu", "voortaan"),
        rf"(?:vanaf nu|voortaan),? {_SOME}(?:antwoord|zeg|schrijf|meld)t?(?!\w){_REST} dat(?!\w)",
    ),
    (
        ("från och med nu", "hädanefter", "fra nå av", "fra nu af"),
        rf"(?:från och med nu|hädanefter|fra nå av|fra nu af),? {_SOME}(?:svar|skriv|säg|si|sig)"
        rf"(?:ar|er|a|e)?(?!\w){_REST} att?(?!\w)",
    ),
    (
        ("bundan sonra", "bundan böyle"),
        rf"(?:bundan sonra|bundan böyle),?{_REST} (?:söyle|yaz|belirt|yanıtla|cevap ver)"
        r"(?:yin|in)?(?!\w)",
    ),
    (
        ("现在起", "从今以后", "现在开始", "從現在起"),
        r"(?:从现在起|从今以后|从现在开始|從現在起)[^。！？\n]{0,3}(?:你|您|请|請)[^。！？\n]{0,6}"
        r"(?:说|說|回答|回复|回覆|输出|写)",
    ),
    (
        ("これから", "今後", "今から"),
        r"(?:これから|今後|今から)は?[、,]?[^。！？\n]{0,40}とだ?け?(?:答え|言い|言って|述べ|書い|回答し)"
        r"[^。！？\n]{0,6}(?:ください|下さい|なさい)",
    ),
]

_TO_A_MODEL: list[Address] = [
    (
        (" ki", "sprachmodell", "künstliche intelligenz"),
        r"(?:(?:hinweis|nachricht|mitteilung|anweisung|notiz) )?an (?:das |die |alle |jede )?"
        r"(?:kis?|künstliche intelligenz|sprachmodelle?)(?:, (?:die|das|welche)(?!\w)| ?:)",
    ),
    (
        (" ia", "'ia", "intelligence artificielle", "modèle de langage", "modèles de langage"),
        r"(?:note|message|consigne|instruction|avis)s? (?:pour |à |au |aux )(?:l'|le |la |les "
        r"|tout |toute )?(?:ia|intelligence artificielle|modèles? de langage)"
        r"(?!\w)[^.!?\n:]{0,40} ?:",
    ),
    (
        (" ia", "modelo de l", "inteligencia artif", "inteligência artif"),
        r"(?:nota|mensaje|mensagem|aviso|instrucción|instrução) (?:para|a|ao|à) (?:el |la |o |a )?"
        r"(?:ia|modelo de (?:lenguaje|linguagem)|inteligencia artificial|inteligência artificial)"
        r"(?!\w)[^.!?\n:]{0,40} ?:",
    ),
    (
        ("modello linguistico", "intelligenza artificiale"),
        r"(?:nota|messaggio|avviso|istruzione) (?:per |a |al |all')(?:il |l'|un )?"
        r"(?:modello linguistico|intelligenza artificiale)[^.!?\n:]{0,40} ?:",
    ),
    (
        (" ии", "языковой модел", "искусственного интел", "нейросет"),
        r"(?:сообщение|заметка|примечание|указание|инструкция) для (?:ии|языковой модели"
        r"|искусственного интеллекта|нейросети)(?!\w)[^.!?\n:]{0,40} ?[:—–-]",
    ),
    (
        ("modelu językowego", "sztucznej inteligencji", "jazykový model", "umělou inteligenci"),
        r"(?:uwaga|wiadomość|notatka|poznámka|zpráva|pokyn) (?:dla|pro) (?:modelu językowego"
        r"|sztucznej inteligencji|jazykový model|umělou inteligenci)[^.!?\n:]{0,40} ?:",
    ),
    (
        ("taalmodel", "språkmodell", "dil modeli", "yapay zek"),
        r"(?:bericht|opmerking) (?:aan|voor) (?:het |elk )?taalmodel[^.!?\n:]{0,40} ?:"
        r"|(?:meddelande|notis) till (?:språkmodellen|språkmodeller)[^.!?\n:]{0,40} ?:"
        r"|(?:dil modeline|yapay zekaya|yapay zekâya) (?:not|mesaj)\w* ?:",
    ),
    (
        ("语言模型", "人工智能", "語言模型", "言語モデル"),
        r"(?:致|给|給)[^。！？\n]{0,8}(?:语言模型|人工智能|語言模型)[^。！？\n]{0,6}[：:]"
        r"|言語モデル(?:へ|に)[^。！？\n]{0,10}[：:]",
    ),
]

ADDRESSES = _EARLIER_ORDERS + _FROM_NOW_ON + _TO_A_MODEL
