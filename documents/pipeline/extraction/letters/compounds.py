"""Compounds: words that meet at a hyphen of their own, and word parts that never do.

Small on purpose: what a document itself shows comes first, these speak where it is silent.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Behind these a word is finished later: "ein- und ausgehende".
CONJUNCTIONS = _words("and und oder sowie bzw eller oraz")
# The same, but also the ends of words; the next word has to carry a hyphen itself.
SHORT_CONJUNCTIONS = _words("or et ou en of to och og ja lub nebo ili i y e o u a és")

FIRST = _words(
    """
    able air all anti arm auto back bank best better black blue board bottom break brand broad bug
    build built bulk byte call car cash check child client close cloud co code cold color command
    common company cost counter country court cross custom customer data date day debt decision deep
    demand device document domain double down dual due early earth east easy ecology employee end
    energy error event ever evidence ex eye face fact family far fast father feature field file fine
    fire first five fixed flag flat follow food foreign forward four free front full fund future gas
    general goal gold good government green ground group half hand hard head health heat heavy high
    higher home host hour house human ill income industry infra input inter intra job key kernel
    keyword land language large last late law lead least left legal less level life light like line
    link linux local long loss lower low machine macro main make market mass master mean medium
    memory meta micro mid middle mind mini mis mission mobile money month more mother most multi
    name near neo net network never new next nine no non north object off office oil old on once one
    open option order out outer over owner page paid paper part party path pay peer people per
    person phone place plug point policy poly poor port post power pre price prime process product
    profit project pseudo public purpose quasi quick rate read ready real record red resource rest
    right risk road role room round rule run safe sales same sample school science second self semi
    server service set seven share shared ship short side sign signal single site six size slow
    small so social soft software source south space special state step stock stop street string
    strong student sub super supply surface syntax system table take tape target task tax team tech
    ten test text the thick thin third thread three through time to top tour trade traffic transit
    trial trouble two type ultra un under up upper user value vice video view voice wage walk war
    warm water weather web week well west white whole wide wind word work world worst write year
    zero
    arc avant après au auto celle celui ceux ci contre demi deux garde grand grands mi peut petit
    porte quelques sans sous trois vis
    """
)
SECOND = _words(
    """
    able add agent aged aligned assisted aware back backed balanced based bearing binding born bound
    breaking bred broken brow building built by bye call caller calls case cell century charge class
    client code colored commerce compatible complete compliant consuming controlled cost cut cycle
    date day dealing deep defined degree demand dependent depth designed determined determining
    dimensional door down driven driving duty earned educated effective efficient elected eyed faced
    facing faith family fashioned fed feet file fit fixing fold foot for form format found founded
    free friendly full funded generated generation government graduate grade group grown growing
    hand handed haul hearted heavy held high house hour hours how in inch income independent induced
    intensive interest job keeping key kind known lasting law laws lead leading led length less
    level life like limited line lined link linked lived local long looking low made maintained
    maintainer maintainers maker makers making managed market meaning metal meter mile minded minute
    mode month moving name needed neutral off office old on one only open operated order oriented
    out over owned page paid paper part party pass paying person place playing plus point poor
    powered present price priced producing profile profit proof provided purpose quality ranking
    rate rated ray readable ready reaching real recorded related relevant resistant resolution
    rich right room run running safe saving savings scale season section sector seeking selling
    sensitive separated serving set shaped share side sided sign signed site size sized skilled sky
    software sourced space speaking specific speed sponsored stage standard standing star stated
    step stop story strength style supported system tail taker taking taught tax term test thinking
    thirds threaded through time times to top traded trained turn type up upon use used user value
    version volume wage war watt way weather week weight wheel whole wide wing winning wise word
    work worker working world worthy year years
    il elle on ils elles je tu nous vous ce ci là même mêmes moi toi lui leur
    """
)

# Ends and beginnings that are no words, so that only a line end parts them.
_NO_END = re.compile(
    r"(?:[tsc]ion|[tsc]ional|[tsc]ionally|ment|[a-z]?ity|[a-z]*ities|[a-z]*bility|[tc]ial|[tc]ially"
    r"|ance|ence|tive|tively|ture|tures|tory|sory|ness|[a-z]*tation|[a-z]*sation|[a-z]*zation"
    r"|[a-z]*ically|[tdnsrm]ic|ful|fully|[bgtdmnpsrlv]ing|ings|[tdl]ed|[bt]ly|[bt]le|[bt]les"
    r"|cy|cies|ous|ously|ism|ist|ists|ize|ized|izes|izing|tung|schaft|keit|heit|lich|liche|lichen"
    r"|ungen|gen|ten|den|tem|ter|tes|nen|men|len|ren|sche|schen|tions|sions|ments|ción|ções|ção"
    r"|ciones|zione|zioni|mente)(?:s)?\Z"
)
_NO_BEGINNING = re.compile(
    r"(?:[rd]e)?(?:com|con|ac|ad|af|ap|ar|as|at|col|cor|de|di|dis|ef|em|en|im|in|ir|mis|ob|op|per"
    r"|pro|recom|re|suc|suf|sup|sug|sur|sus|trans|un|ver|zer|ent|ge|be|er|an|some|any|how|it|what)"
    r"\Z"
)


def is_compound(left: str, right: str) -> bool:
    return left in FIRST or right in SECOND


def is_no_compound(left: str, right: str) -> bool:
    """Whether one of the parts, in lower case, stands nowhere alone."""
    return bool(_NO_END.match(right) or _NO_BEGINNING.match(left))
