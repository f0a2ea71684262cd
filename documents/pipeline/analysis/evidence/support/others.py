"""Languages of which only the surest words are listed: enough to see some contradictions."""

from __future__ import annotations

from documents.pipeline.analysis.evidence.support.lexicon import Lexicon, Words, counted

_NONE = Words()

RUSSIAN = Lexicon(
    code="ru",
    common=Words(
        "и в во не на с со к ко по из от до за о об у а но что как это его её их он она они мы был "
        "была было были быть будет для при года году год также или же бы так то все уже ещё"
    ),
    negations=Words("не ни нет без никто никогда ничего нельзя никого никакой никаких"),
    denials=Words("отрица* опроверг* отказ* отклон* запре* отмен* сомнева* закрыт* невозмож* "
                  "исключ* ложн*"),
    restrictors=Words("только лишь кроме"),
    limits=Words("пока до"),
    hedges=Words("может могут возможно вероятно планир* ожида* предполаг* надее* ли"),
    doubts=Words("возможно вероятно ли планир* надее*"),
    options=Words("может могут разреш* вправе"),
    duties=Words("долж* обязан* необходим* следует нужно"),
    up=Words("вырос* раст* рост роста увелич* повыс* повыш* подня* возрос*"),
    down=Words("сниз* сниж* упал* уменьш* сократ* сокращ* пада* понизи*"),
    joints=Words("но а хотя котор* кроме однако"),
    finite=Words("не был была было были будет он она они"),
    causes=Words("потому из-за поскольку вследствие"),
    numbers=counted("два|две|двух три|трёх|трех четыре|четырёх пять|пяти шесть|шести семь|семи "
                    "восемь|восьми девять|девяти десять|десяти"),
    titles=Words("господин госпожа доктор директор"),
    is_whole=False,
    has_concord=True,
)  # fmt: skip

CZECH = Lexicon(
    code="cs",
    common=Words(
        "a i v ve na s se si k ke o po z ze do od za u je jsou byl byla bylo byli být by že to ten "
        "ta jeho její jejich který která které pro při jako ale nebo už také jen není"
    ),
    negations=Words("není nejsou ne ani nikdo nikdy nic žádný žádná žádné bez nelze nesmí nemůže "
                    "nemá nebude nebyl nebyla nebylo nebyly nebyli"),
    denials=Words("popír* popřel* odmít* zamít* zakáz* zakaz* zruš* pochyb* vylouč*"),
    restrictors=Words("jen pouze kromě"),
    limits=Words("dokud až"),
    hedges=Words("může mohou možná pravděpodobně asi prý by plán* očekáv*"),
    doubts=Words("možná pravděpodobně asi prý"),
    options=Words("může mohou smí"),
    duties=Words("musí povin*"),
    up=Words("vzrost* stoup* zvýš* roste rost* nárůst*"),
    down=Words("kles* sníž* pokles* sniž*"),
    joints=Words("ale avšak ačkoli protože který která"),
    finite=Words("je jsou byl byla bude není"),
    causes=Words("protože kvůli"),
    titles=Words("pan paní doktor ředitel*"),
    is_whole=False,
    has_concord=True,
)  # fmt: skip

# Taken apart into single signs.
CHINESE = Lexicon(
    code="zh",
    common=Words("的 了 和 在 是 于 为 与 将 及 到 从 这 那 有 也 就 都 而 等 并"),
    negations=Words("不 没 未 无 非 勿 莫"),
    denials=Words("否 拒 禁"),
    restrictors=Words("只 仅 除"),
    limits=_NONE,
    hedges=Words("可 或 拟"),
    doubts=_NONE,
    options=_NONE,
    duties=_NONE,
    up=Words("增 升 涨"),
    down=Words("减 降 跌"),
    joints=_NONE,
    finite=_NONE,
    causes=_NONE,
    is_whole=False,
)
