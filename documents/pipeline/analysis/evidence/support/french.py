"""French words that turn a sentence around."""

from __future__ import annotations

from documents.pipeline.analysis.evidence.support.lexicon import Lexicon, Words, counted, pairs

FRENCH = Lexicon(
    code="fr",
    common=Words(
        "le la les l' un une des de d' du et ou mais que qu' qui est sont était étaient être a ont "
        "avait avaient avoir il elle ils elles on nous vous je j' se s' sa son ses leur leurs ce "
        "c' cet cette ces en dans sur sous par pour avec à au aux plus moins ne n' pas sera seront "
        "été y si comme très aussi fait même tout tous toute toutes entre après avant depuis "
        "jusqu' chez sans monsieur madame dont peut doit lieu aura auront ait aient"
    ),
    negations=Words("ne n' pas jamais aucun aucune rien personne ni nul nulle sans"),
    denials=Words(
        "nie nient nié niait nier dément* démenti* conteste* contest* refus* rejet* repouss* "
        "interdi* interdit* exclu* exclut annul* faux fausse* impossible* manque* dout* oppos* "
        "fermé* ferme ferment fermera fermeront absent* indemne* réfut* défend* abandonn*"
    ),
    restrictors=Words("seulement uniquement sauf hormis excepté seul seule seuls seules exig* "
                      "nécess* facultati*"),
    limits=Words("jusqu' avant"),
    hedges=Words(
        "pourrait pourraient peut-être peut peuvent possible* possibilité probable* "
        "vraisemblable* semble* apparem* devrait devraient prévu* prévoi* envisag* espèr* "
        "estim* serait seraient éventuel* si attend* compte projet* recommand*"
    ),
    doubts=Words("pourrait pourraient possible* probable* vraisemblable* semble* apparem* "
                 "devrait devraient envisag* espèr* serait seraient éventuel*"),
    options=Words("peut peuvent pourrait pourraient autoris* permis* permet* possible* facultati*"),
    duties=Words("doit doivent devra devront oblig* tenu tenue tenus tenues faut faudra chargé* "
                 "nécessaire* exig*"),
    up=Words("augment* hauss* hausse* mont* croît croissent crû croissance accroî* accru* relev* "
             "progress* grimp* doubl* élève supérieur* prolong* allong*"),
    down=Words("baiss* dimin* rédui* réduc* chut* recul* abaiss* tomb* décr* inférieur* raccourc*"),
    joints=Words("mais tandis quoique parce qui dont sauf cependant sinon sans "
                 "car pourtant"),
    finite=Words("est sont était a ont avait sera seront aura auront doit doivent peut peuvent il "
                 "elle ils elles on nous je n' ne aucun aucune personne"),
    causes=Words("parce car cause raison grâce puisque donc suite"),
    phrases={
        "la ferme": "l'exploitation",
        "une ferme": "une exploitation",
        "hors service": "panne",
        "non seulement": "aussi",
        "pas seulement": "aussi",
        "plus que": "plus que",
        "a lieu": "a lieu",
        "peut-être": "possible",
        "sans doute": "probable",
        "ne plus": "ne",
        "en hausse": "hausse",
        "en baisse": "baisse",
        "pas tenu": "pas obligé",
    },
    changes=Words("chang* modifi* vari* évolu*"),
    constants=Words("rest* demeur* inchangé* constant* stable* même"),
    opposites=pairs(
        ("gardé* gardent reste restent restera resteront conserv* préserv* épargn*",
         "vend* vente abatt* démoli* supprim* détrui*"),
        ("ouvert* ouvre ouvrent", "fermé* ferment"),
        ("occupé* loué* ", "libre libres vide vides vacant*"),
        ("intact* sain saine sains saines indemne*", "malade* cassé* abîmé* blessé* endommag*"),
        ("présent présents assisté* assistent venu*", "absent*"),
    ),
    loose_opposites=pairs(
        ("reste restent restera resteront demeur* conserv* gardé* vie vivant* continu* maintenu*",
         "vend* abatt* abattu* démoli* supprim* détrui* endormi* tué* annul* remplac* coupé* "
         "licenci* euthan*"),
        ("pai* pay*", "gratuit* gratis"),
        ("fonctionn* marche*", "panne défectu* cassé*"),
    ),
    exclusive=pairs(
        ("commenc* débute*", "fini finit finira termin* achèv* expire*"),
        ("né née nés nées", "mort morte décédé* mourut"),
        ("positif* positive*", "négatif* négative*"),
        ("meilleur*", "pire pires"),
        ("premier première premiers premières", "dernier dernière derniers dernières"),
        ("nord", "sud"),
        ("gauche", "droite"),
        ("bénéfice*", "perte*"),
        ("majorité", "minorité"),
        ("recettes", "dépenses"),
    ),
    roles=pairs(
        ("locataire*", "bailleur* propriétaire*"),
        ("vendeur* vendeuse*", "acheteur* acheteuse* acquéreur*"),
        ("employeur*", "employé employés employée* salarié*"),
        ("créancier* prêteur*", "débiteur* emprunteur*"),
        ("demandeur*", "défendeur*"),
        ("assureur*", "assuré assurés assurée*"),
    ),
    since=Words("depuis"),
    last=Words("dernier* dernière*"),
    numbers=counted("deux trois quatre cinq six sept huit neuf dix onze douze")
    | counted("treize quatorze quinze seize", first=13)
    | {"vingt": "20", "trente": "30", "quarante": "40", "soixante": "60"},
    titles=Words("monsieur madame mademoiselle m mme docteur dr maître maire professeur directeur "
                 "directrice président* capitaine"),
    has_concord=True,
)  # fmt: skip
