"""Notices: whose the document is, how it may be handed on, and where its translations are."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.patterns import either, one_of

_RIGHTS = one_of(
    """
    ©, copyright, (c) 19, (c) 20, all rights reserved, alle rechte vorbehalten,
    tous droits réservés,
    todos los derechos reservados, tutti i diritti riservati, todos os direitos reservados,
    alle rechten voorbehouden, wszelkie prawa zastrzeżone, všechna práva vyhrazena,
    все права защищены, авторские права, авторское право, tous droits, derechos de autor,
    diritti d'autore, urheberrecht, direitos de autor,
    著作権, 版权, 版權, tekijänoikeus, isbn, trademark,
    trademarks, bản quyền, hak cipta
    """
)
_LICENSES = one_of(
    """
    general public license, gnu gpl, gnu general, gpl, free software foundation, free documentation,
    creative commons, permission is granted, permission is hereby granted, redistribute it,
    distribute and/or modify, without any warranty, warranty of, merchantability, bsd license,
    mit license, apache license, freie software, unter den bedingungen, logiciel libre,
    programme libre, sans aucune garantie, software libre, sin ninguna garantía, sin garantía,
    software libero, senza alcuna garanzia, sem qualquer garantia, zonder enige garantie,
    ohne irgendeine garantie, ohne jede gewährleistung, bez jakiejkolwiek gwarancji,
    may be cited as, hereby disclaim, conditions of the license, terms of the license,
    terms of this license, gnu-lizenz, свободной программой, лицензии gnu, 使用許諾, 許諾,
    許可証, 许可证, 許可證, giấy phép, llicència, licència pública, lisenssi, licencí, lisensi
    """
)
_MAIL_FOOTERS = one_of(
    """
    unsubscribe, intended recipient, is confidential, click here,
    diese e-mail enthält vertrauliche
    """
)
# Where no spaces stand between words.
RIGHTS_UNSPACED = re.compile(r"®|商标|商標|상표|著作権|版权|版權|저작권")
_TRADEMARKS = one_of(
    """
    warenzeichen, marques déposées, marques commerciales, marcas registradas, marcas comerciales,
    marchi registrati, marchi commerciali, handelsmerken, znaki towarowe, znaki handlowe,
    ochranné známky, товарные знаки, торговые марки, торговельні марки, varumärken, varemærker,
    tavaramerkit
    """
)
_TRANSLATIONS = one_of(
    """
    translations, übersetzungen, traductions, traducciones, traduzioni, traduções, vertalingen,
    oversættelser, översättningar, tłumaczenia, překlady, переводы
    """
)
_AVAILABLE = one_of(
    """
    available, verfügbar, disponibles, disponibili, disponíveis, beschikbaar, tilgængelige,
    tillgängliga, dostępne, dostupné, доступны, online
    """
)
# "Updated translations are available online."
TRANSLATED = re.compile(
    rf"(?=.{{0,60}}(?<!\w){_TRANSLATIONS}(?!\w))(?=.{{0,90}}(?<!\w){_AVAILABLE}(?!\w)).{{10,90}}\Z"
    r"|翻訳版?は?.{0,20}(?:入手|オンライン).{0,20}\Z",
    re.IGNORECASE,
)
NOTICE = re.compile(
    rf"(?<!\w){either(_RIGHTS, _TRADEMARKS, _LICENSES, _MAIL_FOOTERS)}", re.IGNORECASE
)
# A driving license is no notice; one of software is, and so is leave to hand a document on.
LICENSE = re.compile(
    r"(?<!\w)(?:licen|lizenz|licên|licença|licènc|llicènc|лиценз|ліценз|lisens"
    r"|lisenss|άδεια|giấy phép)"
    r"|许可|許可|許諾|라이선스|사용권",
    re.IGNORECASE,
)
SOFTWARE = re.compile(r"gnu|gpl|software|logiciel|programme libre|open source", re.IGNORECASE)
HANDED_ON = re.compile(
    r"(?<!\w)(?:re|ri)?(?:distribu[tiíïé]|platin[ait]|weitergegeben|weitergeben|"
    r"verbreitet|verspreid|rozpowszechni|šířit|šířen|распростран|sebarluas)",
    re.IGNORECASE,
)
FREELY = re.compile(
    r"(?<!\w)(?:freely|free|for a fee|frei|gegen gebühr|librement|libremente|liberamente|livremente"
    r"|vrij|свободно)(?!\w)",
    re.IGNORECASE,
)
REDISTRIBUTED = re.compile(r"再配布|再发布|重新散布|재배포|배포\s?할\s?수")
CHANGED = re.compile(
    r"(?<!\w)(?:modif|veränder|änder|geänder|wijzig|gewijzigd|zmian|zmieni|upravov|измен|ubah)",
    re.IGNORECASE,
)


def is_notice(text: str) -> bool:
    if NOTICE.search(text) or RIGHTS_UNSPACED.search(text) or REDISTRIBUTED.search(text):
        return True
    if HANDED_ON.search(text) and (CHANGED.search(text) or FREELY.search(text)):
        return True
    return bool(LICENSE.search(text) and SOFTWARE.search(text))
