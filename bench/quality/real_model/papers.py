"""Ten documents of one to twenty pages, written for the purpose; nobody in them exists."""

from __future__ import annotations

import random

MEMO = """\
MEMORANDUM

To: All staff of the Westhaven harbor office
From: Ilse Brandt, harbor master
Date: 4 May 2026

The north quay will be closed from 18 May until 12 June 2026, because the contractor has found
cracks in eleven of the forty pillars. Ships of more than 60 meters use the south quay meanwhile.
Tomas Vesely must tell the pilots of the new berths by 11 May. The repair costs 84,000 euros and
is paid from the maintenance fund, which holds 120,000 euros.
"""

MINUTES = """\
Minutes of the parish library committee, 9 March 2026

Present: Ana Silva (chair), Ben Okafor, Carla Ruiz. Absent: Dev Patel.

1. The committee approved the budget of 14,200 pounds for 2026.
2. Opening hours. The library will open on Saturdays from 10 to 2, beginning on 4 April.
   Visitors had asked for this in the survey of January, which 212 people answered.
3. Roof. The insurer did not accept the claim for the storm of 3 December. Ben Okafor will ask
   two roofers for offers by 30 March.
4. Carla Ruiz will write to the school about the reading club.

Next meeting: 13 April 2026.
"""

LETTER = """\
Northfield Water Company
12 Mill Lane, Northfield

Mr. Peter Hahn
3 Orchard Road
                                                            20 February 2026

Dear Mr. Hahn,

Your water meter was last read in 2019. Our fitter wishes to replace it on Tuesday, 10 March
2026, between 8 and 10 in the morning. Please make sure that the cellar can be entered. If you
cannot be at home, call 0555 019 283 before 5 March to agree on another day. The new meter costs
you nothing.

Yours sincerely,
Ruth Osei, customer service
"""

NOTICE = """\
NOTICE TO TENANTS

The lift of 40 Canal Street is out of order. The manufacturer has ordered a new drive, which
takes about three weeks to arrive. The owner may reduce the rent of March by 5 percent for
tenants of the third floor and above. Tenants who need help with their shopping should leave a
note with the caretaker, Mrs. Lindqvist, on the ground floor.
"""

REPORT = """\
Field report: oak saplings on plot 7

Of the 350 oak saplings planted in November 2024, 291 were alive in October 2025. Deer had eaten
the tops of 40, and drought killed 19. Saplings inside the fence grew 31 centimeters on average,
those outside 12 centimeters. We do not recommend planting outside the fence again. The fence
itself held, except for one gate that was left open in July.
"""

GERMAN = """\
Stadtwerke Neuhafen
Neuhafen, den 2. Juni 2026

Sehr geehrte Frau Krüger,

Ihr Abschlag für Strom steigt zum 1. Juli 2026 von 62 Euro auf 71 Euro im Monat. Grund sind
höhere Netzentgelte. Sie können den Vertrag bis zum 30. Juni 2026 schriftlich kündigen. Wenn Sie
nicht kündigen, läuft der Vertrag weiter.

Mit freundlichen Grüßen
Jonas Weber
"""

INVOICE = """\
Lantern Print Works                                   INVOICE No. 2026-0117

Billed to: Greenfield School          Date: 14 April 2026

Posters, A2, 120 pieces                                   360.00
Delivery                                                   18.50
VAT 20 %                                                   75.70
Total due                                             EUR 454.20

Please pay by 14 May 2026 to the account named on our order form.
"""

PLACES = ["Alder Point", "Birch Hill", "Cold Spring", "Dunmore", "Eastgate", "Fernley", "Glasson"]
PEOPLE = ["Mara Lind", "Oskar Thiel", "Priya Nair", "Quentin Moss", "Rosa Vidal", "Sven Aalto"]
HAPPENED = [
    "The pumping station at {place} ran for {n} hours in {year}, {m} more than a year before.",
    "{person} reported that the filters at {place} were changed {m} times and cost {n} euros.",
    "At {place} the level of the reservoir did not fall below {m} percent.",
    "{person} must send the figures of {place} to the district office by {day} March {year}.",
    "Residents of {place} made {m} complaints about the taste of the water, all in August.",
    "The pipe between {place} and the works lost {n} cubic meters, most of it through one joint.",
    "The district may replace the valves at {place} if the budget of {n} euros is approved.",
]  # fmt: skip


def yearly_report(pages: int, seed: int) -> str:
    """Prose whose figures differ on each page, so that a quote stands in one place."""
    chance = random.Random(seed)  # noqa: S311
    return "\f".join(_page(number, chance) for number in range(1, pages + 1))


def _page(number: int, chance: random.Random) -> str:
    sentences = [
        chance.choice(HAPPENED).format(
            place=chance.choice(PLACES), person=chance.choice(PEOPLE), day=chance.randint(2, 28),
            n=chance.randint(200, 9000), m=chance.randint(2, 90), year=2020 + number % 6,
        )
        for _ in range(14)
    ]  # fmt: skip
    paragraphs = [" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5)]
    return f"Section {number}\n\n" + "\n\n".join(paragraphs) + "\n"


PAPERS = {
    "memo.txt": MEMO,
    "minutes.txt": MINUTES,
    "letter.txt": LETTER,
    "notice.txt": NOTICE,
    "field-report.txt": REPORT,
    "abschlag.txt": GERMAN,
    "invoice.txt": INVOICE,
    "water-4-pages.txt": yearly_report(4, seed=4),
    "water-9-pages.txt": yearly_report(9, seed=9),
    "water-20-pages.txt": yearly_report(20, seed=20),
}
