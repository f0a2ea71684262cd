"""English words that turn a sentence around."""

from __future__ import annotations

from documents.pipeline.analysis.evidence.support.lexicon import Lexicon, Words, counted, pairs

ENGLISH = Lexicon(
    code="en",
    common=Words(
        "the a an of to in on at by for from with and or but as is are was were be been being it "
        "its this that these those which who whom whose there their they them he she his her him "
        "we our us you your i my me has have had having do does did will would shall should can "
        "could may might must not no than then so if when while after before about into over "
        "under up out off down again further also more most other some such only own same too "
        "very just any each all both between through during because until against per via one "
        "what where why how says said say get gets got still already yet either onto upon within "
        "given made make makes apart"
    ),
    negations=Words("not never no none nobody nothing neither nor cannot hardly nowhere"),
    denials=Words(
        "deny denies denied denying denial* disput* refus* reject* dismiss* refut* contest* "
        "contradict* doubt* forbid* forbad* forbidden prohibit* ban banned bans exclud* excluding "
        "exclusion* lack lacks lacked lacking unable unhurt unharmed unpaid unlikely impossible "
        "disregard* ignore ignores ignored absent absence refrain* "
        "abstain* avoid* prevent* waiv* revok* cancel* cancelled withdraw* "
        "withdrew omit* unsuccessful* false untrue incorrect wrong* closed shut invalid ineligible "
        "unclear disagree* oppos* veto* overturn* free unauthorized missing untouched"
    ),
    restrictors=Words("only unless except solely exclusively requir* need* depend* optional*"),
    limits=Words("until before"),
    hedges=Words(
        "may might could possibl* perhaps probabl* likely apparent* alleg* seem* appear* expect* "
        "plan plans planned intend* hope hopes hoped hoping estimat* approximat* reportedly "
        "suggest* believ* whether potential* presumabl* propos* consider* tentative* assum* "
        "scheduled rumor* rumour* forecast* project* would if unlikely should recommend* "
        "provisional*"
    ),
    doubts=Words(
        "may might could possibl* perhaps probabl* likely apparent* alleg* seems appears expected "
        "intends intend hope hopes hoped plans planned reportedly presumabl* whether tentative*"
    ),
    options=Words("may can might could optional* permitted allowed option"),
    duties=Words("must shall oblig* requir* mandatory compulsory should ought needs need duty"),
    up=Words(
        "rise rises rose risen rising increas* grow* grew gain* climb* higher rais* jump* soar* "
        "surg* expand* upward* lengthen* extend* longer doubl* tripl*"
    ),
    down=Words(
        "fall falls fell falling fallen drop* decreas* declin* reduc* lower* cut cuts cutting sank "
        "sink* sunk shrink* shrank slump* halv* cheaper downward* shorten* shrunk plung* diminish*"
    ),
    joints=Words(
        "but while whereas although though because which who unless except nor otherwise without "
        "however"
    ),
    finite=Words(
        "is are was were has have had will would must shall can could may might should does did "
        "do he she it they we i you nobody no not never cannot"
    ),
    causes=Words("because since owing therefore thus consequently"),
    phrases={
        "due to": "because",
        "owing to": "because",
        "failed to": "not",
        "fails to": "not",
        "fail to": "not",
        "turned down": "rejected",
        "turn down": "reject",
        "turns down": "rejects",
        "turned the": "turned the",
        "declined to": "refused",
        "declines to": "refuses",
        "no longer": "not",
        "no later than": "by",
        "no less than": "least",
        "no more than": "most",
        "not only": "also",
        "not just": "also",
        "free of charge": "free",
        "free to": "may",
        "up to": "most",
        "set up": "built",
        "no one": "nobody",
        "goes up": "rises",
        "went up": "rose",
        "go up": "rise",
        "goes down": "falls",
        "went down": "fell",
        "go down": "fall",
        "is down": "is lower",
        "are down": "are lower",
        "is up": "is higher",
        "are up": "are higher",
        "ruled out": "excluded",
        "rules out": "excludes",
        "have to": "must",
        "has to": "must",
        "had to": "must",
        "in spite of": "despite",
        "apart from": "except",
        "except for": "except",
        "last but not least": "also",
        "a no": "no",
        "may not": "must not",
        "might not": "might not",
        "will close": "closes",
        "would close": "closes",
        "to close": "closes",
        "do not need": "optional",
        "does not need": "optional",
        "no need": "optional",
        "given up": "abandoned",
        "gives up": "abandons",
        "give up": "abandon",
        "gave up": "abandoned",
        "on time": "punctually",
        "do not have to": "optional",
        "does not have to": "optional",
        "did not have to": "optional",
        "don't have to": "optional",
        "doesn't have to": "optional",
        "do not need to": "optional",
        "does not need to": "optional",
        "need not": "optional",
        "without anyone": "and nobody",
        "without anybody": "and nobody",
        "without damage": "undamaged",
        "out of order": "broken",
        "out of service": "broken",
        "not required": "optional",
        "not mandatory": "optional",
        "not obliged": "optional",
        "not compulsory": "optional",
    },
    changes=Words("change changed changes changing alter* vari* decid*"),
    constants=Words("remain* stay* stays unchanged constant same stable steady open undecided"),
    opposites=pairs(
        (
            "keep keeps kept keeping stay stays stayed remain* retain* preserv* spared",
            "sell sells sold selling demolish* felled abolish* remov* scrap* torn discard* "
            "abandon*",
        ),
        ("open opens opened", "closes closed shut"),
        ("occupied taken", "free vacant empty"),
        ("healthy intact undamaged unharmed", "ill sick broken damaged hurt injured"),
        ("attend attends attended", "absent missed"),
        ("won", "lost"),
        ("punctual*", "late delayed"),
    ),
    loose_opposites=pairs(
        (
            "remain* stay* stays left alive uncut unsold place happen* held continue* protect*",
            "cut cuts fell felled sold demolish* remov* clos* cancel* replac* kill* end ends "
            "destroy* postpone* expos* euthan*",
        ),
        ("accept* agreed consented support*", "object* protest* complain* oppos*"),
        ("pay pays paid cost costs", "free"),
        ("work works worked function*", "fail* broken defect* faulty"),
    ),
    exclusive=pairs(
        ("begin begins began start* commenc*", "end ends ended expire* terminat* finish* conclud*"),
        ("born", "died dies deceased"),
        ("positive", "negative"),
        ("best", "worst"),
        ("first", "last final"),
        ("minimum", "maximum"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("inside indoors", "outside outdoors"),
        ("profit profits", "loss losses"),
        ("arrive* arrival*", "depart*"),
        ("majority", "minority"),
        ("income revenue", "expens* expenditure*"),
        ("winter", "summer"),
    ),
    roles=pairs(
        ("tenant* lessee* renter*", "landlord* lessor* owner*"),
        ("seller* vendor*", "buyer* purchaser*"),
        ("employer*", "employee* worker*"),
        ("lender* creditor*", "borrower* debtor*"),
        ("plaintiff* claimant*", "defendant* respondent*"),
        ("insurer*", "insured policyholder*"),
        ("contractor* supplier*", "client* customer*"),
        ("licensor*", "licensee*"),
        ("donor*", "recipient*"),
    ),
    since=Words("since"),
    last=Words("last"),
    numbers=counted("two three four five six seven eight nine ten eleven twelve")
    | counted("thirteen fourteen fifteen sixteen seventeen eighteen nineteen", first=13)
    | {"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60"}
    | {"seventy": "70", "eighty": "80", "ninety": "90"},
    titles=Words(
        "mr mrs ms dr doctor professor prof captain mayor treasurer councillor councilor director "
        "president chair chairman chairwoman judge inspector minister senator sir madam neighbor "
        "neighbour manager secretary officer engineer aunt uncle nurse deputy chief head"
    ),
)
