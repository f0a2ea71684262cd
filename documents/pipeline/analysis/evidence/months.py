"""Names of months in twenty languages, in the forms that dates have them."""

from __future__ import annotations

# January to December; forms of one month are divided by a slash. Words of two months are left out.
_NAMES = """
en january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct november/nov december/dec
de januar/jänner februar/feber märz/mrz april mai juni juli august september oktober/okt november dezember/dez
fr janvier/janv février/févr/fév mars avril/avr mai juin juillet/juil août septembre octobre novembre décembre/déc
es enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic
it gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/set ottobre/ott novembre dicembre
pt janeiro fevereiro/fev março abril maio junho julho agosto setembro outubro/out novembro dezembro
nl januari februari maart/mrt april mei juni juli augustus september oktober november december
pl stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec sierpnia/sierpień września/wrzesień października/październik listopada/listopad grudnia/grudzień
cs ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec srpna/srpen září října/říjen listopadu prosince/prosinec
sk januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
ru января/январь февраля/февраль марта/март апреля/апрель мая/май июня/июнь июля/июль августа/август сентября/сентябрь октября/октябрь ноября/ноябрь декабря/декабрь
uk січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
sv januari februari mars april maj juni juli augusti september oktober november december
da januar februar marts april maj juni juli august september oktober november december
fi tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
hu január február március április május június július augusztus szeptember október november december
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
ca gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
hr siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga prosinca
"""  # noqa: E501 - a line is a language


def _numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    clashing: set[str] = set()
    for line in _NAMES.strip().splitlines():
        for number, forms in enumerate(line.split()[1:], start=1):
            for form in forms.split("/"):
                if numbers.setdefault(form, number) != number:
                    clashing.add(form)
    return {form: number for form, number in numbers.items() if form not in clashing}


NUMBERS = _numbers()
