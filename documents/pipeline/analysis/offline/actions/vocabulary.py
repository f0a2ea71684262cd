"""The rules' word lists: verbs of orders and of states, openers of objects, roles of people."""

from __future__ import annotations

from documents.pipeline.analysis.offline.words import listed

# Open a sentence as an order and hardly ever as a noun.
ORDERS = listed(
    """
    accept add adjust agree align allocate analyze announce apply appoint arrange ask assemble
    assess assign attach attend avoid begin bring buy calculate cancel choose circulate clarify
    clean collect communicate compare compile complete compose conduct confirm consider consult
    continue convert coordinate correct create cut decide define delegate delete deliver describe
    determine develop discuss distribute download employ enable engage ensure enter establish
    evaluate examine explain explore extend fetch fill finalize finalise find finish fix follow
    forward gather get give go hang hire identify implement include increase inform insert inspect
    install introduce investigate invite join keep learn let liaise locate make measure meet merge
    migrate modify monitor move negotiate nominate notify obtain organize organise paint pay
    perform pick post prepare present prevent propose provide publish purchase put raise reach
    read reconcile recruit redo reduce refer register remember remind remove rename renew reorder
    repair repeat replace reply rerun reschedule reserve resolve resend respond restore return
    revise rewrite secure see seek select sell send separate set simplify solve speak specify stop
    submit summarize summarise take talk tell tidy train transfer translate try turn upload use
    validate verify wait wash write
    """
)
# Orders only when an object follows: "Report the fault", not "Report of the treasurer".
ORDERS_OR_NOUNS = listed(
    """
    address answer approach audit balance block book budget build call change chase check claim
    close contact control copy correct cover design document double draft e-mail email escalate
    file focus group help hold issue label lead leave list look mail map mark name note offer open
    order organise phone place plan press print process program project promote prompt question
    record release report request research review run schedule search share ship show sign sort
    start study supply support survey switch task test thank track update visit watch work draw
    clear log pass push pull point
    """
)
OBJECT_OPENERS = listed(
    """
    the a an all any each every both your our his her their my its this that these those it them
    him us me whether if how who what when where which up out back down off with for to into at
    more new two three four five some another next page pages everyone everybody one
    """
)
# After "will", "should" and the like these say how things are, not what to do.
STATES = listed(
    """
    be been have become remain seem appear need cost last rise fall increase decrease happen occur
    like love hate want know feel think believe hope wish exist belong depend mean matter result
    suffer die win lose benefit contain consist allow enjoy understand notice expect probably
    likely possibly perhaps never not hardly soon also always still no only the a an his her their
    its our your my this that these those which all any some it them grow reopen end stay stand
    face prefer
    """
)
# Things to do where a person is named; elsewhere they too say how things are.
DONE_BY_PEOPLE = listed(
    """
    continue close open start help lead bring get see come go look take work include begin apply
    welcome
    """
)
# Behind "to" and "must" these open a question or a phrase: "To whom it may concern".
INTERROGATIVES = listed("who whom whose what which when where why how whether")
# What "must be" or "shall be" said of something asks nobody to do it.
SAID_TO_BE = listed(
    """
    deemed considered governed construed regarded treated interpreted entitled called named
    understood assumed expected intended bound limited excluded interested
    """
)
# "The road will be closed": what befalls things and people is news.
BEFALLS = SAID_TO_BE | listed(
    """
    closed raised increased reduced lowered informed notified told held charged billed debited
    credited deducted disconnected interrupted suspended delayed postponed affected allowed
    permitted required needed followed rewarded fined dismissed promoted missed shut doubled halved
    """
)
# Verbs of a request or a proposal that leave nothing to tick off.
POINTLESS_REQUESTS = listed(
    """
    find note see be feel do hesitate contact excuse forgive accept visit refer tell believe
    advise consider let disregard ignore stand remember mind imagine say
    """
)
POINTLESS_PROPOSALS = listed("have start see say hope face not be begin just assume")
ROLES = """
    chair, chairman, chairwoman, chairperson, vice-chair, president, secretary, treasurer, clerk,
    caretaker, warden, committee, subcommittee, council, board, staff, team, department,
    administration, management, working group, task force, secretariat, officer, manager, director,
    coordinator, organizer, organiser, editor, engineer, designer, developer, administrator,
    lawyer, accountant, headteacher, head teacher, volunteers, members, trustees, owner, lead,
    legal, hr, it, finance, marketing, sales, purchasing,
    tenants, tenant, landlord, landlady, lessee, lessor, buyer, purchaser, seller, vendor, supplier,
    provider, customers, customer, clients, client, contractor, subcontractor, consultant,
    employees, employee, employer, licensee, licensor, borrower, lender, guarantor, insured,
    insurer, policyholder, parties, party, applicants, applicant, residents, visitors, guests,
    parents, pupils, students, candidates, participants, managers, owners, agent
"""
