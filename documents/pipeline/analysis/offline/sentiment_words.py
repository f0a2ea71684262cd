"""Where the word list of tone errs on papers: words of trade and law, and faults it lacks."""

from __future__ import annotations

from documents.pipeline.analysis.offline.words import listed

# In papers these name things: a security deposit, free software, a party, a share, an error code.
NO_SENTIMENT = listed(
    """
    free freely security secure secured securely trust trusts trusted interest interests interested
    party parties positive positives negative share shares shared sharing grant grants granted
    granting agree agreed agrees agreement agreements support supported supporting supports error
    errors critical value values valued like likes please kind kindly dear credit credits benefit
    benefits create created creates authority authorities united liability charge charges charged
    fire alarm emergency stop stopped stops cut cuts drop drops block blocks blocked kill killing
    risk risks risked problem-free original number defects demand demands novel certain certainly
    natural treasure treasurer energy mia approve approved approves approval strong matter matters
    abuse competent intelligence asset assets solution solutions solved accept accepted accepts
    chance chances force forced forces gross active actively opportunity well help helps helped
    helping hand hug save saved saves saving cares care join joined joins promise promised promises
    """
)
# Faults of goods, rooms and services, which the word list does not know.
NEGATIVE = listed(
    """
    rubbish mouldy moldy leaks leaky faulty defective overpriced unhelpful filthy noisy stale bland
    bankrupt bankruptcy unpaid flimsy unreliable flawed shoddy dishonest cracked crumbling rotten
    sluggish unusable outdated undrinkable inedible uncomfortable unsafe unhygienic
    """
)
