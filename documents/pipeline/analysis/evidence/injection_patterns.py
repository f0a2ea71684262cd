"""Injection patterns: what only a text that means the model says, in English and in markup."""

from __future__ import annotations

_MODEL = (
    r"(?:a\.?i\.?|artificial intelligence|llms?|(?:large )?language models?|chat ?bots?"
    r"|chat ?gpt|gpt-?\d\S{0,9}|(?:a\.?i\.?|virtual|digital) (?:assistant|summari[sz]er|model)s?)"
)
_EARLIER = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|system|other"
    r"|your|these|those)"
)
_TAIL = r"(?: \w+){0,2}? (?:instruction|prompt|direction|directive|command)s?"

# The words it cannot do without, and the pattern around them.
Address = tuple[tuple[str, ...], str]

_SAY = (
    r"(?:answer|reply|respond|say|state|write|report|describe|call|claim|output|declare|rate|praise"
    r"|mention|repeat|print|conclude|summari[sz]e|recommend|approve|add|include)"
)
_THIS = r"this (?:\w+ )?(?:document|text|file|paper|page|letter|note|message|application|report)"
_SAID = rf"{_SAY}(?!\w)[^.!?]{{0,60}}?"

# What only a text that means the model says. The words are looked for first, because that takes
# no time.
ADDRESSES: list[Address] = [
    (
        ("instruction", "prompt", "direction", "directive", "command"),
        r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|bypass) "
        rf"(?:\w+ ){{0,3}}?{_EARLIER}{_TAIL}"
        r"|(?:ignore|disregard|forget) (?:all |any )?(?:instruction|prompt)s? "
        r"(?:above|before|given)"
        r"|ignor(?:e|er|ez|ons) (?:toutes )?(?:les|vos|tes) (?:\w+ )?instructions"
        r"|(?:your|hidden|secret|updated|new) system (?:prompt|message|instruction)s?"
        r"|(?:reveal|print|repeat|output|leak) (?:\w+ ){0,2}?(?:system|initial|hidden) "
        r"(?:prompt|instructions?)"
        r"|(?:begin|start|end)(?: of)? (?:system|hidden|secret|new) (?:prompt|instructions?)"
        r"|#{2,} ?(?:system|new) ?(?:prompt|instructions?) ?:",
    ),
    (
        ("before", "above", "so far", "told"),
        r"(?:ignore|disregard|forget) (?:everything|all|anything)(?: that)?(?: was| is"
        r"| you(?: were| have been))? (?:above|before this|said before|told|written above|so far)",
    ),
    (
        (
            " ai",
            "a.i.",
            "llm",
            "language model",
            "chatbot",
            "chat bot",
            "chatgpt",
            "gpt-",
            "artific",
        ),
        rf"(?:(?:note|message|notice|instructions?|reminder|memo)(?: to| for)|attention|dear|hello"
        rf"|hey|hi|important),? (?:the |any |all |an |every )?{_MODEL} ?(?:[:,!—–-]|\.(?!\w))"
        rf"|if you are (?:an? |the |any )?(?:\w+ )?{_MODEL}(?!\w)"
        rf"|{_MODEL} (?:\w+ ){{0,4}}?(?:reading|processing|analy[sz]ing|summari[sz]ing) this"
        rf"|you are (?:now |no longer |henceforth )(?:an? |the )?(?:\w+ ){{0,2}}?{_MODEL}(?!\w)"
        rf"|as an? (?:\w+ )?{_MODEL},? you (?:must|should|will|are)",
    ),
    (
        (" mode", "jailb"),
        r"you are (?:now |henceforth )in (?:\w+ )?(?:developer|admin|debug|god|jailbreak"
        r"|unrestricted|maintenance) mode",
    ),
    (
        ("your summary", "your analysis", "your output", "your answer", "your reply"),
        r"(?:in|into|to|of|from) your (?:summary|analysis|output) of (?:this|the) (?:document|text"
        r"|file|page)"
        r"|your (?:summary|analysis|output|answer|reply) (?:must|should|shall) "
        r"(?:only |just |always )?(?:say|state|read|begin with|end with"
        r"|consist of|be (?:exactly|only))",
    ),
    (
        ("your summary", "your analysis"),
        r"(?:do not|don't|never|must not) (?:mention|reveal|report|disclose|summari[sz]e|include) "
        r"(?:\w+ ){0,6}?in your (?:summary|analysis)",
    ),
    (
        ("this document", "this text", "this file", "this paper"),
        r"(?:summari[sz]e|rate|evaluate) this (?:document|text|file|paper) (?:only )?as(?!\w)"
        r"|instead of (?:summari[sz]ing|analy[sz]ing) this (?:document|text|file|paper)",
    ),
    (
        ("inst]", "sys>", "system>", "assistant>", "|>", "<doc-", "</doc-", "[[page", "[[ page"),
        r"\[/?inst\]|<</?sys>>|<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>"
        r"|</?(?:system|assistant)>|</?doc-\w+>|\[\[ ?page \d+ ?\]\]",
    ),
    (
        ("from now on", "from this ", "from here on", "henceforth", "hereafter"),
        rf"(?:from (?:now|here|this (?:point|moment))(?: on(?:wards?)?| forward)?|henceforth"
        rf"|hereafter),? (?:you (?:(?:will|must|should|shall|are to|have to) )?)?(?:only |just "
        rf"|always )?{_SAID} (?:that|only|with the words?|in (?:every|each|all) (?:reply|answer"
        rf"|response)(?:s|ies)?|as the)(?!\w)",
    ),
    (
        ("summaris", "summariz", "summary of", "asked to", "asked for"),
        rf"(?:whoever|anyone who|anybody who|everyone who) (?:summari[sz]es|analy[sz]es|processes) "
        rf"{_THIS},? (?:must|should|has to|shall|is to) {_SAY}"
        rf"|(?:if|when|whenever) (?:you are |someone |a user )?ask(?:ed|s) (?:you )?(?:to |for a )"
        rf"summar(?:i[sz]e|y)(?: of)? (?:{_THIS}|this),? (?:only |just )?{_SAY}(?!\w)",
    ),
    (
        ("instructions",),
        rf"(?:your|the) (?:earlier|previous|prior|former|old|original) instructions (?:are|were) "
        rf"(?:now )?(?:void|cancel\w+|obsolete|replaced|revoked|suspended)[^.!?]{{0,20}}?"
        rf"{_SAID} that"
        rf"|instructions (?:that )?you (?:received|were given|got|have) (?:earlier|before|so far)"
        rf"[^.!?]{{0,50}}?{_SAID} that"
        r"|(?:stop|cease|quit) (?:following|obeying) your (?:\w+ )?(?:instructions|rules"
        r"|guidelines)",
    ),
    (
        (
            "your new",
            "your real",
            "your actual",
            "your true",
            "your only",
            "your sole",
            "no attention",
        ),
        rf"your (?:new|real|actual|true|only|sole) (?:task|job|role|goal|purpose|instruction)"
        rf"(?: is(?: now)? to| is| ?[:—–-]) ?{_SAID} (?:that|the (?:sentence|words?))(?!\w)"
        r"|pay no attention to (?:what you were told|(?:your|the) (?:\w+ )?instructions)",
    ),
    (
        ("automated", "as the ai", "as an ai", "artificial"),
        r"as (?:the|an) (?:ai|automated|artificial)(?: \w+,?){0,7}? you (?:must|should"
        r"|will|shall|have to)",
    ),
    (
        (
            *("this note", "this paragraph", "this message"),
            *("this instruction", "this passage", "this line"),
        ),
        r"(?:do not|don't|never) (?:mention|reveal|disclose|show|tell|report) (?:\w+ ){0,4}?this "
        r"(?:note|paragraph|message|instruction|passage|line)(?: to (?:the |your )?(?:user|reader"
        r"|owner))",
    ),
    (
        ("the user about this", "the reader about this"),
        r"(?:do not|don't|never) (?:tell|inform|warn) the (?:user|reader) about this (?:note"
        r"|paragraph|message|instruction|passage|line)",
    ),
    (
        (" ai", "language model", "llm"),
        rf"{_MODEL}s? (?:that |which |who )?(?:\w+ )?(?:reads?|processe?s?|processing|analy[sz]es?"
        rf"|analy[sz]ing|summari[sz]es?|summari[sz]ing|evaluates?|evaluating|reviews?|reviewing) "
        rf"(?:this|these)(?! \w+ (?:is|are|was|were)(?!\w))",
    ),
]
