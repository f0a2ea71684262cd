"""Letter pairs: the hundred that each language in Latin letters writes most, accents aside.

Counted in the translated messages of free programs. Languages without a list here are near enough
to one that has one: see `rubbish` for how near they have to be.
"""

from __future__ import annotations

_LISTS = {
    "English": (
        "abacadalamanarasatbeblcacechcoctdedidoeaecedelemeneresetexfifogehahehihoicidifil"
        "inioisitkelaldlelilllomamemonandnengnonsntofolomonoporotouowpapeplprrarerirorsse"
        "shsisssttatethtitotrueulunurusutvavewhwi"
    ),
    "German": (
        "abalamanarasataubechdadediebefegeheielemeneresetfefugeguhahehlhrhticieigiliminio"
        "isitkakekoktlalelillltmamemimmnandnengninnnsntnuodonorparardrerirorsrtruscsesiss"
        "sttatetitrtutzufumunurusutvevowawewizezu"
    ),
    "French": (
        "acagaialanarasataublcacechcoctdadedidueceeefelemenereseteuexfifogehehiicieifigil"
        "iminioiqirisitlalelilllomamempncndneninnnonsntoiomonoporoupapeplpoprqurarerirors"
        "rtsasesisossstsutatetitotrueunurusutvave"
    ),
    "Spanish": (
        "abacadalamanarasatbiblcacechcicoctcudadedidoecedegelemeneresetexfiguiaicidieimin"
        "ioirisitivlalelilomambmemimompnancndneninontodolomonoporospapeplpoprpuqurarcreri"
        "rmrosasesisospstsutatetitotrueunusvavevo"
    ),
    "Italian": (
        "abagalamanarasatazbicacechcicodadedidoecegelemeneresetfigegihehiiaibicifiliminio"
        "irisitizlalelilllomamemimompnandneninontolomonoporospapepoprqurarerirorrsascsesi"
        "sospssstsutatetitotrttunusutvavevizazizz"
    ),
    "Portuguese": (
        "acadaialamanaoarasatcacechcicoctdadedidoecefeielemeneresetexfifohaheiaicidigilim"
        "inioirisitivlalelilomamemimompnancndnenhninonsntocodolomonorosoupapepoprqurareri"
        "rmrosasesisospsssttatetitotrueumusutvave"
    ),
    "Dutch": (
        "aaacakalamanaparatbebrchcoctdadedidodtebeceeegeiekelemeneresetevgegrhehticidieig"
        "ijikinisitkakelaldlelilllsmamenandnengninsntoeofomonoooporoupapeprptrardrergriro"
        "rsruscsesisttatetitotruivavevowawewozezi"
    ),
    "Swedish": (
        "adagakalamanarasatavbabechckdadeecedekeleneresetfifogagegigrhaidigilinioisitivka"
        "kekokrktlalelillloltmamemmnandnengninnnsntnvocodogokolomonorpappprrardrerirnrors"
        "rtsasesiskslsosssttatetitotrttunutvavevi"
    ),
    "Polish": (
        "acadakalamanarasatawazcechcicjczdadldodzecedegejekelemeneresetezgoiaicieikiniois"
        "jajekakikolalelilolumamimonaneninontnyodokolomonorosowozpapiplpoprrarerorzscsesi"
        "slstsztatetotrtyuzwawewiwyycymyszazeznzy"
    ),
    "Czech": (
        "acadakalamanarasatavazbobycechcidadedndoecedelemeneperesetezhoicidikiminisitivje"
        "jikakokulalelilomameminaneninontnyobodolonorosotouovozpipoprrarerirorusasesisksl"
        "sosttatetitotrtuubujupuzvavevovyzazezizn"
    ),
    "Finnish": (
        "aaaiakalamanarasatauavaydedidoedeeeiekelemeneresethehtiaieiiikiliminioirisitivja"
        "jokakekikkkokskulalelilllolumamemimunaneninnnontohoiolonorosotpapirarerirosasesi"
        "sssttatetitotstttutyukulunuousutuuvaviyt"
    ),
    "Hungarian": (
        "abadagajakalamanaparasatazbabecsdedoegekelemeneresetezfafefogagegyhahehoikilinir"
        "isitjajejlkakekikolalelillloltlymamenancndnenintnyokolomonorosotozperarerortsase"
        "sisosssztatetitotttuulvaveyezazeziznzozt"
    ),
    "Turkish": (
        "acadagakalamanarasataybabibobucacecidadedidoduecedegekelemenereseteygegiicigikil"
        "iminirisitiyizkakekiklktkulalelilllmlumamemimlmunandneninuolonorosrarerirlrmrusa"
        "sesislstsytatetituulumunurusveyayeyiyozi"
    ),
    "Romanian": (
        "acalanarasatauazbicacechcicoctcudadedieaeceleneresetexfifoheiaicieiiiliminirisit"
        "iuivizlalelilolumamemimpnancndneninsntnuoaocolomonoporpapepoprptpurarerirortrusa"
        "scsesistsutatetitotrtuuiulumunurutvaveza"
    ),
    "Indonesian": (
        "abadagahaiakalamanaparasataubabebibucadadediebedekelemeneresetfigagiguhaiaidihik"
        "iliminipirisitjakakekokskulalelilolumambmemimpnandngnintnyolomonorpapepirarerirk"
        "rusasesistsutatetitotrtuuaukumunurusutya"
    ),
    "Vietnamese": (
        "acaiamanaoapatauaybabibocachcocudadedidoduecemeneoepereseteugaghgigoguhahehihohu"
        "iaicieiminitkekhkikylalelilolumamomunanengnhnooaocoiomonoporotphqurarerirorusase"
        "sosutatethtitotrtuuaucunuouyvavevivoxuye"
    ),
    "Welsh": (
        "adaeagaialanaratauchcydadddedidodyedefeieleneresetewfefffnfogagogrgwgyhahehohwhy"
        "iaicidifigilinioirisitlalelilllwlymamenanengninnnontnwnyodofolonorospararerhrirt"
        "sesgstsytatethtrunwewiwnwyydyfylymynyrys"
    ),
    "Xhosa": (
        "abakalamanatawayazbabebhbibobuebekelemeneseteyezfagagegoguhahehihlhohuifikilimin"
        "isixkakekhkikokqkukwlalelilolulwmambmeminandnengninknontnynzobokolomonphqusasesh"
        "sisoswthubufukulumunwawewiwowuyeyiyozezi"
    ),
    "Swahili": (
        "abadafagahaiajakalamanaparasatauavawbabjchctdhdiecelenezfafugiguhahihuiaifihikil"
        "iminirisitiwizjejikakikokukwlalelimambmeminandngninyobonotpararisashsitatetituua"
        "ufuiukulumunurusutuwvivywawewiyayozazizo"
    ),
    "Estonian": (
        "aaabadaiakalamanarasatavdadedieaedeeegeiekelemeneresetfagageguheidigiiikiliminir"
        "isitjakakikokskulaldleliljllloltlumambmeminandnenintnuoiolonooorotpaperarerirosa"
        "sesistsutatetitotuuduiulumunusutuuvavivo"
    ),
}

PAIRS = {
    language: frozenset(pairs[at : at + 2] for at in range(0, len(pairs), 2))
    for language, pairs in _LISTS.items()
}
