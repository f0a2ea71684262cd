"""German words that turn a sentence around."""

from __future__ import annotations

from documents.pipeline.analysis.evidence.support.lexicon import Lexicon, Words, counted, pairs

_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_ONES = "ein zwei drei vier fünf sechs sieben acht neun"

GERMAN = Lexicon(
    code="de",
    common=Words(
        "der die das den dem des ein eine einer eines einem einen und oder aber als ist sind war "
        "waren sein wird werden wurde wurden hat haben hatte hatten es sich er sie wir ihr ihre "
        "ihren ihrem ihrer seine seiner seinen dies diese dieser dieses dass auf in im an am zu "
        "alle allen aller jede jeder jedes "
        "zum zur von vom mit nach bei für über unter um aus vor durch gegen bis ab seit auch noch "
        "schon so wie wenn weil dann nur mehr sehr kann können soll sollen muss müssen darf dürfen "
        "will nicht kein keine man was wer wo zwischen ohne pro je gibt liegt liegen herr frau"
    ),
    negations=Words("nicht kein keine keinen keiner keinem keines nie niemals niemand niemanden "
                    "niemandem nichts weder nirgends kaum ohne"),
    denials=Words(
        "bestreit* bestritt* leugn* verneint* dementier* lehnt abgelehn* ablehn* verweiger* "
        "verbiet* verboten* untersag* unzulässig* ausgeschlossen* verwirf* verworfen* "
        "bezweifel* fehlt fehlen fehlend* falsch* unwahr* unmöglich* zurückgewiesen* widerrief* "
        "widerspr* entfäll* entfall* storniert* unverletzt* unbezahlt* "
        "zurückweis* weist verzicht* unklar*"
    ),
    restrictors=Words("nur außer ausgenommen lediglich ausschließlich sofern wenn falls braucht "
                      "benötig* erforder* bedarf vorbehaltlich freiwillig*"),
    limits=Words("bis bevor erst"),
    hedges=Words(
        "könnte könnten kann können möglich* möglicherweise vielleicht eventuell wohl "
        "voraussichtlich* wahrscheinlich* vermutlich* angeblich* offenbar anscheinend soll sollen "
        "sollte sollten dürfte dürften plant planen geplant* vorgesehen* hofft hoffen erwart* "
        "rechnet rechnen schätz* geschätzt* ob würde würden empfiehlt empfohlen* beabsichtig*"
    ),
    doubts=Words("könnte könnten möglicherweise vielleicht eventuell voraussichtlich* "
                 "wahrscheinlich* vermutlich* angeblich* offenbar anscheinend dürfte dürften ob "
                 "hofft hoffen plant planen geplant*"),
    options=Words("kann können könnte könnten darf dürfen erlaubt* zulässig* freiwillig* möglich*"),
    duties=Words("muss müssen verpflicht* vorgeschrieben* pflicht* soll sollen erforderlich*"),
    up=Words("stieg stiegen steigt steigen gestiegen* steiger* erhöh* wuchs wachs* gewachsen* "
             "zunahm* zunehm* zugenommen* höher* anstieg* ansteig* anhob* angehob* verdoppel* "
             "verlänger* teurer*"),
    down=Words("sank sanken sinkt sinken gesunken* senk* gesenkt* fiel fielen fällt gefallen* "
               "verringer* reduzier* abnahm* abnehm* abgenommen* rückgang* zurück niedriger* "
               "kürz* gekürzt* halbier* verkürz* billiger* minder* schrumpf*"),
    joints=Words("aber sondern während obwohl weil welche welcher welches außer jedoch sonst ohne "
                 "doch sodass"),
    finite=Words("ist sind war waren hat haben hatte wird werden wurde wurden muss müssen kann "
                 "können darf dürfen soll sollen er sie es wir ich man nicht kein keine niemand"),
    causes=Words("weil wegen da denn deshalb daher aufgrund infolge"),
    phrases={
        "nicht nur": "auch",
        "nicht mehr": "nicht",
        "noch nicht": "nicht",
        "nicht verpflichtend": "freiwillig",
        "nicht verpflichtet": "freiwillig",
        "nicht vorgeschrieben": "freiwillig",
        "außer betrieb": "kaputt",
        "ging zurück": "sank",
        "nicht zu": "nicht",
        "nimmt zu": "steigt",
        "nahm zu": "stieg",
        "nimmt ab": "sinkt",
        "nahm ab": "sank",
        "bis zu": "höchstens",
        "auf keinen fall": "nicht",
        "zurück an": "an",
    },
    changes=Words("änder* geändert* veränder* verändert* entschied* entscheid*"),
    constants=Words("bleib* blieb* geblieben* unverändert* gleich* konstant* stabil* offen*"),
    opposites=pairs(
        ("behält behalten bleib* erhalten* bewahr* verschont*",
         "verkauf* abgerissen* abriss* gefällt entfern* abgeschafft* aufgegeben*"),
        ("geöffnet* offen", "geschlossen*"),
        ("belegt* besetzt* vermietet* bewohnt*", "frei freie leer leere unbewohnt*"),
        ("gesund* heil intakt* unversehrt*", "krank* kaputt* defekt* beschädigt* verletzt*"),
        ("anwesend* teilgenommen erschien*", "abwesend* fehlte fehlten"),
    ),
    loose_opposites=pairs(
        ("bleib* blieb* geblieben* erhalten* stehen behalten weiter* statt",
         "verkauf* abgerissen* abriss* gefällt entfern* geschloss* gestrichen* gekündigt* "
         "aufgegeben* ersetz* abgesagt* entlass*"),
        ("zahl* kostet*", "kostenlos* gratis umsonst kostenfrei*"),
        ("funktionier* läuft laufen", "defekt* kaputt* fehlerhaft*"),
    ),
    exclusive=pairs(
        ("beginn* begann* startet*", "endet* ende läuft"),
        ("geboren*", "gestorben* starb verstorben*"),
        ("positiv*", "negativ*"),
        ("beste besten bester bestes", "schlechteste*"),
        ("erste ersten erster erstes", "letzte letzten letzter letztes"),
        ("nördlich* norden", "südlich* süden"),
        ("östlich* osten", "westlich* westen"),
        ("links linke*", "rechts rechte rechten"),
        ("gewinn gewinne", "verlust*"),
        ("ankunft", "abfahrt abreise"),
        ("mehrheit", "minderheit"),
        ("einnahmen", "ausgaben"),
        ("sommer", "winter"),
    ),
    roles=pairs(
        ("mieter*", "vermieter*"),
        ("verkäufer*", "käufer*"),
        ("arbeitgeber*", "arbeitnehmer* angestellte*"),
        ("auftraggeber*", "auftragnehmer*"),
        ("gläubiger*", "schuldner*"),
        ("kläger*", "beklagte*"),
        ("versicherer* versicherung", "versicherte* versicherungsnehmer*"),
        ("pächter*", "verpächter*"),
    ),
    since=Words("seit"),
    last=Words("zuletzt letzt*"),
    numbers=counted("zwei drei|dreier vier fünf sechs sieben acht neun zehn elf zwölf")
    | counted("dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn", first=13)
    | {f"{one}und{ten}": str(10 * number + digit)
       for number, ten in enumerate(_TENS.split(), start=2)
       for digit, one in enumerate(_ONES.split(), 1)}
    | {"zwanzig": "20", "dreißig": "30", "vierzig": "40", "fünfzig": "50", "sechzig": "60"},
    titles=Words("herr frau doktor dr professor prof bürgermeister* kassenwart* direktor* richter* "
                 "kapitän* präsident* vorsitzende*"),
    capitalizes_nouns=True,
)  # fmt: skip
