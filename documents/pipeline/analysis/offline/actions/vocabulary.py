"""The words by which a sentence asks for something: verbs, roles, courtesies, boilerplate."""

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
NO_ACTION = listed(
    # After "will", "should" and the like these say how things are, not what to do.
    """
    be been have become remain seem appear need cost last rise fall increase decrease happen occur
    like love hate want know feel think believe hope wish exist belong depend mean matter result
    suffer die win lose benefit contain consist include allow enjoy understand notice expect
    probably likely possibly perhaps never not hardly soon also always still no only the a an his
    her their its our your my this that these those which all any some it them continue begin grow
    close open reopen start end stay stand face help lead bring get see come go look take welcome
    apply prefer work
    """
)
# For a named person some of those are things to do all the same.
DONE_BY_PEOPLE = listed(
    """
    continue close open start help lead bring get see come go look take work include begin apply
    welcome
    """
)
ROLES = (
    r"(?:chair(?:man|woman|person)?|vice-chair|president|secretary|treasurer|clerk|caretaker|warden"
    r"|committee|subcommittee|council|board|staff|team|department|administration|management"
    r"|working\s+group|task\s+force|secretariat|officer|manager|director|coordinator|organi[sz]er"
    r"|editor|engineer|designer|developer|administrator|lawyer|accountant|headteacher|head\s+teacher"
    r"|volunteers|members|trustees|owner|lead|legal|hr|it|finance|marketing|sales|purchasing)"
)
