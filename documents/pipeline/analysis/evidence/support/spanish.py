"""Spanish words that turn a sentence around."""

from __future__ import annotations

from documents.pipeline.analysis.evidence.support.lexicon import Lexicon, Words, counted, pairs

SPANISH = Lexicon(
    code="es",
    common=Words(
        "el la los las un una unos unas de del al a y e o u pero que qué quien en con por para "
        "sin sobre entre desde hasta es son era eran ser fue fueron está están estará ha han haya "
        "había hay se su sus le les lo me mi nos no ni si como más muy también ya este esta esto "
        "estos estas ese esa cada todo todos toda todas durante según señor señora será serán "
        "tiene tienen debe puede partir antes después"
    ),
    negations=Words("no nunca jamás ningún ninguno ninguna ningunos ningunas nadie nada ni "
                    "tampoco sin"),
    denials=Words(
        "niega* niegan negó negar negado desmient* desminti* desment* rechaz* rehús* rehus* "
        "prohib* prohíb* excluy* exclu* anul* cancel* falso falsa* imposible* falta faltan dud* "
        "opone* opuso cerrad* cierra* descart* revoc* ileso* impid*"
    ),
    restrictors=Words("solo sólo solamente únicamente salvo excepto requiere* exig* necesit* "
                      "opcional*"),
    limits=Words("hasta antes"),
    hedges=Words(
        "podría podrían puede pueden posible* posiblemente quizá quizás probable* "
        "probablemente parece* aparentemente prevé prevén previsto* prevista* planea* "
        "espera esperan esperamos estim* sería serían supuest* si deberí* propon* recom* "
        "intent* pretend*"
    ),
    doubts=Words("podría podrían posible* posiblemente quizá quizás probable* "
                 "aparentemente parece* planea* espera esperan sería serían supuest*"),
    options=Words("puede pueden podrá podrán podría podrían permit* autoriz* opcional* posible*"),
    duties=Words("debe deben deberá deberán tiene tienen oblig* necesari* requier*"),
    up=Words("sube* suben subi* subió aument* creci* crece* incremen* alza* ascend* elev* mayor* "
             "duplic* amplí* ampli* encarec*"),
    down=Words("baja* bajan bajó bajaron baje* cae* cayó cayeron caíd* disminu* redu* descend* "
               "descien* menor* rebaj* merm* acort*"),
    joints=Words("pero mientras aunque porque quien salvo excepto sino sin pues"),
    finite=Words("es son era está están ha han había fue fueron será debe deben puede pueden se no "
                 "nadie ningún ninguna tiene tienen"),
    causes=Words("porque debido causa pues razón gracias consecuencia"),
    phrases={
        "no solo": "también",
        "no sólo": "también",
        "ya no": "no",
        "hay que": "debe",
        "hace falta": "necesita",
        "fuera de servicio": "averiado",
        "sin embargo": "pero",
        "en alza": "alza",
        "a la baja": "baja",
        "tal vez": "quizá",
        "no obstante": "pero",
        "nada más": "solo",
    },
    changes=Words("cambi* modific* vari*"),
    constants=Words("sigue* sigui* permane* mantien* mantuv* igual* constante* estable*"),
    opposites=pairs(
        ("conserv* guardan guardó guardar* qued* mantien* mantuv*",
         "vend* venta derrib* talad* elimin* demol*"),
        ("abiert* abre abren", "cerrad* cierra*"),
        ("ocupad* alquilad*", "libre libres vací*"),
        ("intact* sano* sana* ileso*", "enferm* roto rota rotos rotas dañad* herid*"),
        ("asisti* acudi*", "ausente* faltó faltaron"),
    ),
    loose_opposites=pairs(
        ("conserv* guardan guardó mantien* mantuv* qued* pie sigue* siguen permane* vivo* viva* "
         "celebr*",
         "vend* derrib* talad* arranc* elimin* demol* sustitu* reemplaz* cerrad* sacrific* "
         "despedi* cancel* retirad*"),
        ("paga* pago", "gratis gratuit*"),
        ("funciona*", "averiad* defectuos* roto rota"),
    ),
    exclusive=pairs(
        ("empiez* empez* comienz* comenz* inici*", "termin* acab* finaliz* vence* expir*"),
        ("nació nacido nacida", "murió fallec*"),
        ("positiv*", "negativ*"),
        ("mejor mejores", "peor peores"),
        ("primer primero primera", "último última"),
        ("norte", "sur"),
        ("izquierd*", "derecha derecho"),
        ("beneficio* ganancia*", "pérdida*"),
        ("mayoría", "minoría"),
        ("ingresos", "gastos"),
    ),
    roles=pairs(
        ("inquilin* arrendatari*", "arrendador* propietari* caser*"),
        ("vendedor*", "comprador*"),
        ("empleador* patrón*", "empleado* empleada* trabajador*"),
        ("acreedor* prestamista*", "deudor* prestatari*"),
        ("demandante*", "demandado* demandada*"),
        ("asegurador*", "asegurado* asegurada*"),
    ),
    since=Words("desde"),
    last=Words("última último últimas últimos"),
    numbers=counted("dos tres cuatro cinco seis siete ocho nueve diez once doce")
    | counted("trece catorce quince dieciséis diecisiete dieciocho diecinueve", first=13)
    | counted("veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
              "veintiocho veintinueve", first=21)
    | {"veinte": "20", "treinta": "30", "cuarenta": "40", "sesenta": "60"},
    titles=Words("señor señora don doña doctor doctora dr dra director directora alcalde alcaldesa "
                 "profesor profesora presidente presidenta"),
    has_concord=True,
)  # fmt: skip
