"""Shapes of stamps: lines that courts, archives, signing services and scanners put on pages.

Only asked of lines on pages that a picture covers, where there are few. A shape is a whole line,
or for sentences the beginning of one.
"""

from __future__ import annotations

import re

_DATE = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? \w{3,9}\.? \d{4}"
    r"|\w{3,9}\.? \d{1,2},? \d{4})"
)
_TIME = r"(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?(?: ?[A-Z]{2,4}| ?[+-]\d{2}:?\d{2})?)"
_PAGE = (
    r"(?:pages?|pg|p|seite|página|pagina|pág|pag|side|sida|sivu|strona|str|strana|oldal"
    r"|страница|стр|feuille|blatt|folio|sheet)"
)
_OF = r"(?:of|von|de|di|van|sur|z|af|av|из|/|-|–)"

_WHOLE = (
    # Page numbers, dates, and serial numbers such as Bates numbers.
    rf"[-–—\[(]?\s*(?:{_PAGE}\.?:?\s*)?\d{{1,5}}(?:\s*{_OF}\s*\d{{1,5}})?\s*[-–—\])]?",
    rf"{_DATE}(?:[ ,T]+{_TIME})?",
    rf"{_TIME}",
    r"(?=\S*\d)[A-Z][A-Z0-9_.&-]{0,24}[ _-]?\d{3,12}(?:\s*[-–]\s*\w+)?",
    r"(?:[A-Z]+[ _-]){1,4}\d{4,12}",
    r"(?=.*\d)[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    r"(?:https?://|www\.)\S+",
    r"(?:file:|[A-Z]:\\|/)\S+",
    # Notices of one or two words across the page.
    r"\W*(?:(?:certified|true|conformed|uncontrolled|office|file|client|duplicate|original|reading"
    r"|inspection|review|preview|working|archive|library) )*"
    r"(?:copy|copies|draft|confidential|original|duplicate|void|paid|received|approved|exhibit"
    r"|redacted|specimen|sample|secret|sealed|filed|scanned|archived|canceled|cancelled"
    r"|kopie|abschrift|entwurf|vertraulich|muster|bezahlt|eingegangen|copie|brouillon|confidentiel"
    r"|copia|borrador|confidencial|cópia|rascunho|bozza|riservato|concept|vertrouwelijk"
    r"|копия|черновик)(?:[ :#]+\w{1,12})?\W*",
)  # fmt: skip

_BEGINNING = (
    # Signing services.
    r"docusign|pandadoc|hellosign|dropbox sign|adobe (?:acrobat )?sign|signnow|signrequest|yousign"
    r"|(?:envelope|document|doc|transaction|certificate|verification|agreement|reference) ?"
    r"(?:id|no|number|ref|code|key)\b",
    r"(?:digitally|electronically|e-?)[ -]?(?:signed|filed|recorded|stamped|certified)",
    r"(?:digital|elektronisch) (?:signiert|unterschrieben|unterzeichnet)|digitaal ondertekend",
    r"sign[ée]e? (?:électroniquement|numériquement)|firmado (?:digital|electrónica)mente",
    r"assinado (?:digital|eletr[oô]nica)mente|firmato digitalmente|podpisano (?:cyfrowo|elektr)",
    r"código (?:seguro )?de verifica|csv\s*:|autenticidad|подписано электронной",
    # Courts and registries.
    r"case[: ]+(?:no\.? )?\S*\d\S*(?: |$)|usca\d*|usdc|nyscef|index no|cause no|docket"
    r"|(?:e-?)?filed\b|received (?:on|by|nyscef|\d)|recorded (?:on|in|\d)|entered on"
    r"|(?:document|doc|dkt|ecf|entry|appeal|appellate case|instrument|book)[.: #]*(?:no\.? )?\d",
    r"(?:aktenzeichen|az\.|geschäftszeichen|eingang|zugestellt|dossier|expediente|exp\.|processo"
    r"|rg n)[ .:]",
    r"(?:bates|exhibit|produced|production|protective order|subject to protective|attorneys'? eyes"
    r"|foia|declassified|approved for (?:public )?release)\b",
    # Scanners, telefaxes and printers.
    r"(?:scann?ed|gescannt|escaneado|digitalizado|numérisé|scansionato|skannattu|отсканировано)\b",
    r"(?:created|generated|produced|printed|converted|edited|made|signed) "
    r"(?:with|by|using|on|from|at)\b",
    r"camscanner|genius scan|adobe scan|tiny scanner|microsoft lens|office lens|clearscanner",
    r"fax\b|telefax|from ?:.*(?:fax|page|p\.)|(?:to|from|date|time|job|id|tel)\s*:.*\d{2}",
    r"(?:gedruckt|ausgedruckt|erstellt|imprimé|imprimido|impreso|stampato|afgedrukt|wydrukowano)\b",
    # Libraries, archives and shops.
    r"downloaded|heruntergeladen|téléchargé|descargado|baixado|scaricato|gedownload|pobrano"
    r"|this (?:content|document|copy|file|article|page|pdf) (?:was |is |has been )?"
    r"(?:downloaded|licensed|provided|printed|made|generated|scanned|protected|for)",
    r"licen[sc]ed (?:to|for|by|copy)|lizenziert|copyrighted|copyright\b|©|\(c\) "
    r"|all rights reserved|alle rechte|tous droits|todos los derechos|todos os direitos"
    r"|tutti i diritti",
    r"(?:digiti[sz]ed|provided|hosted|courtesy|original|from the collection|reproduced) ?"
    r"(?:by|from|at|of|with)\b|digiti[sz]ed|digitalisiert|public domain|university of \w+$",
    r"for (?:personal|internal|reference|educational|private|official|study|research)[\w ,-]* "
    r"(?:use|purposes?)|(?:not|do not|no) (?:for|copy|reproduce|distribut|to be)"
    r"|nur für|usage (?:privé|personnel)|unauthori[sz]ed|property of|use subject to|terms of use"
    r"|uso (?:personal|interno|exclusivo)|brought to you by|accessed (?:on|by|from)|purchased by"
    r"|prepared for|order(?:ed)? (?:no|number|by|#|\d)|watermark(?:ed)?\b",
)  # fmt: skip

_SHAPES = re.compile(
    "|".join([*(f"(?:{whole})$" for whole in _WHOLE), *(f"(?:{each})" for each in _BEGINNING)]),
    re.IGNORECASE,
)
_LONGEST = 200


def is_stamp(line: str) -> bool:
    """Whether the line looks like what is stamped on pages; linear in its length."""
    return len(line) <= _LONGEST and _SHAPES.match(line.strip(" \t*•|·")) is not None
