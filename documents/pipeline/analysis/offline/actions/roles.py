"""Roles of people and parties of contracts, by language, and titles in front of names."""

from __future__ import annotations

from documents.pipeline.analysis.offline.words import listed

TITLES = """
    Herrn, Herr, Frau, Dr., Mme, Mlle, Me, M., Maître, Monsieur, Madame, Sr., Sra., D., Dña., don,
    doña, señor, señora, Sig., Sig.ra, signor, signora, Dott., dhr., mevr., mevrouw, heer, Mr.,
    Mrs., Ms., Mr, Mrs, Ms
"""
ROLES = {
    "de": """
        Mieter Mieterin Mieterinnen Vermieter Vermieterin Pächter Verpächter Käufer Käuferin
        Verkäufer Verkäuferin Lieferant Lieferantin Besteller Auftragnehmer Auftragnehmerin
        Auftraggeber Auftraggeberin Arbeitnehmer Arbeitnehmerin Arbeitgeber Arbeitgeberin Kunde
        Kundin Kunden Dienstleister Versicherungsnehmer Versicherer Darlehensnehmer Darlehensgeber
        Bank Verwalter Verwalterin Hausverwaltung Hausmeister Eigentümer Eigentümerin Bewohner
        Bewohnerinnen Anwohner Mitarbeiter Mitarbeiterinnen Beschäftigte Beschäftigten Eltern
        Schüler Teilnehmer Mitglieder Vorstand Vorsitzende Vorsitzender Kassenwart Kassierer
        Kassiererin Schriftführer Schriftführerin Geschäftsführung Schulleitung Verwaltung Schule
        Partei Parteien Vertragsparteien Antragsteller Antragstellerin Bürgerinnen Gäste Besucher
        Fahrer Firma
    """,
    "fr": """
        locataire locataires bailleur bailleresse propriétaire propriétaires acheteur acquéreur
        vendeur fournisseur prestataire client cliente clients entrepreneur employeur employé
        employés salarié salariés salariée assuré assureur emprunteur prêteur syndic gardien
        copropriétaires riverains habitants résidents commerçants usagers parents élèves
        participants membres président présidente trésorier trésorière secrétaire direction mairie
        commune bureau conseil partie parties société candidat candidats visiteurs personnel preneur
        donneur abonné abonnés adhérent adhérents
    """,
    "es": """
        arrendatario arrendataria arrendador arrendadora inquilino inquilina propietario propietaria
        propietarios vecinos vecino comprador compradora vendedor vendedora proveedor cliente
        clientes contratista contratante prestador empleador empleado empleados trabajador
        trabajadores asegurado asegurador prestatario prestamista administrador administradora
        presidente presidenta tesorero tesorera secretario secretaria junta directiva comité padres
        alumnos participantes socios miembros residentes parte partes empresa conserje visitantes
        solicitante solicitantes ayuntamiento
    """,
    "it": """
        conduttore conduttrice locatore locatrice inquilino inquilini proprietario proprietari
        acquirente venditore venditrice fornitore cliente clienti appaltatore committente prestatore
        datore lavoratore dipendenti dipendente assicurato assicuratore mutuatario amministratore
        amministratrice presidente tesoriere segretario segretaria direzione consiglio comitato
        genitori alunni partecipanti soci membri residenti condomini parte parti società perito
        portiere visitatori tecnico
    """,
    "nl": """
        huurder huurders verhuurder koper verkoper leverancier klant klanten opdrachtnemer
        opdrachtgever werknemer werknemers werkgever verzekerde verzekeraar bewoners ouders
        leerlingen deelnemers leden bestuur voorzitter penningmeester secretaris directie partij
        partijen eigenaar eigenaren kinderen
    """,
    "pt": """
        inquilino inquilina inquilinos senhorio senhoria arrendatário locatário locador proprietário
        proprietários comprador vendedor fornecedor cliente clientes contratante contratado
        prestador empregador empregado empregados trabalhador trabalhadores administrador condóminos
        condôminos moradores pais alunos participantes sócios membros presidente tesoureiro
        secretário direção parte partes empresa
    """,
}
ROLE_WORDS = {code: frozenset(map(str.lower, listed(words))) for code, words in ROLES.items()}
