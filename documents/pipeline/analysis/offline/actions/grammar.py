"""The parts of the rules' patterns: who, by which modal verb, and the verb that is to be done.

A space stands for any white space: all of it is to be compiled with `any_space`.
"""

from __future__ import annotations

from documents.pipeline.analysis.offline.actions.vocabulary import ROLES
from documents.pipeline.analysis.offline.patterns import any_space, either, one_of

NAME = r"[A-Z][\w'’.\-]{0,30}"
FULL_NAME = rf"{NAME}(?: {NAME}){{0,2}}(?: from {NAME})?"
_NAMES = rf"{FULL_NAME}(?:{either(', ', ' and ', ' & ', ' or ')}{FULL_NAME}){{0,3}}"
_DETERMINER = either("[Tt]he", "[Oo]ur", "[Aa]ll", "[Ee]ach", "[Ee]very", "[Bb]oth")
_ROLE = rf"(?:{_DETERMINER} )?(?:[a-z]{{2,15}} )?(?i:{one_of(ROLES)})\b"
_ROLES = rf"{_ROLE}(?: and {_ROLE})?"
_EVERYBODY = one_of("All, Everyone, Everybody")
ROLES_OR_EVERYBODY = any_space(either(_ROLES, _EVERYBODY))

# "the Renter": a party that a contract defines.
_DEFINED = r"the [A-Z][a-z]{3,20}"

WHO = rf"(?P<who>{either(_NAMES, _ROLES, _EVERYBODY, _DEFINED)})"
_OF_WHERE = r"(?: (?:of|in|at) [^,.;:()]{2,30}?)?"
SUBJECT = rf"{WHO}{_OF_WHERE}(?: \([^)]{{1,30}}\))? (?:{one_of('also, still, both, all')} )?"
# The look behind for a space is implied by the others; it rules out most places at once.
CLAUSE_START = r"(?<!\S)" + either(
    r"^",
    r"(?<=[,;:–—-]\s)",
    r"(?<=\bthat\s)",
    r"(?<=\band\s)",
    r"(?<=\bso\s)",
    r"(?<=\bthen\s)",
)

_WILL = "will, shall"
_GOING_TO = "is going to, are going to, am going to"
_MUST = "must, should, ought to"
_HAS_TO = "is to, are to, needs to, need to, has to, have to"
_AGREED = """
    agreed, agrees, offered, offers, promised, volunteered, volunteers, undertook, undertakes,
    undertaken, committed
"""
_ASKED = """
    asked, tasked, instructed, requested, assigned, directed, mandated, authorized, authorised,
    charged with, required, obliged, bound
"""
_AGREED_TO = rf"(?:has |have )?{one_of(_AGREED)} to"
_ASKED_TO = rf"{one_of('was, were, is, are, has been, have been')} {one_of(_ASKED)} to"

WILL = either(one_of(f"{_WILL}, {_GOING_TO}, {_HAS_TO}"), _AGREED_TO, _ASKED_TO)
MUST, SHOULD = r"must", one_of("should, ought to")
WITHOUT_SUBJECT = one_of(
    "will, shall, must, needs to, need to, has to, have to, WILL, SHALL, MUST, Will, Shall, Must,"
    " Needs to, Need to, Has to, Have to, NEEDS TO, HAS TO"
)
TO = one_of("to, To, TO")

# Whoever says "I" and "we" draws the line between a promise and a duty elsewhere.
_CONTRACTED = (r"['’]ll", r"['’](?:m|re) going to")
_MEANWHILE = rf"(?:{one_of('also, still, both, all, just')} )?"
_ALL_DUTIES = either(one_of(f"{_MUST}, {_HAS_TO}"), _AGREED_TO, _ASKED_TO)
I_WILL = rf"\bI{either(*_CONTRACTED, f' {_MEANWHILE}' + one_of(f'{_WILL}, {_GOING_TO}'))}"
I_MUST = rf"\bI {_MEANWHILE}{_ALL_DUTIES}"
WE_WILL = rf"\b[Ww]e{either(*_CONTRACTED, f' {_MEANWHILE}' + one_of(_WILL))}"
WE_MUST = rf"\b[Ww]e {_MEANWHILE}{either(one_of(_GOING_TO), _ALL_DUTIES)}"

_ADVERBS = "also, then, now, please, kindly, therefore, both, each, just, try to, be able to"
VERB = r"(?P<verb>[a-z][a-z-]+)\b"
# Behind an opening in capitals the verb wears them too; "Will Smith" is somebody.
VERB_OR_SHOUT = r"(?P<verb>[a-z][a-z-]+|[A-Z][A-Z-]+)\b"
DO_VERB = rf"(?:{one_of(_ADVERBS)} ){{0,2}}{VERB}"
THE_SAME = one_of("do that, do it, do so, do this") + r"\b"
DO_THE_SAME = rf"(?:{one_of(_ADVERBS)} ){{0,2}}(?P<verb>{THE_SAME})"

_NOT_AFTER_BE = r"(?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\bwere\s)"
_MUST_BE = """
    to be, must be, shall be, needs to be, need to be, has to be, have to be, should be, ought to be
"""
TO_BE = rf"{_NOT_AFTER_BE}(?P<modal>{one_of(_MUST_BE)})"
IS_TO_BE = rf"(?P<modal>{one_of('is to be, are to be')})"
WILL_BE = _NOT_AFTER_BE + r"(?P<modal>will be)"
_IRREGULAR = """
    sent, made, put, set, written, brought, bought, found, paid, held over, taken, given, drawn up
"""
_REGULAR = r"\w+ed"
DONE = rf"(?P<done>{either(_REGULAR, one_of(_IRREGULAR))})\b"
