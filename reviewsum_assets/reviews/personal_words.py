"""Words of six languages that stand beside personal data: what announces a number, a name, an address.

Patterns are fragments for `recognizers`; all are matched without regard to case unless the name says otherwise.
"""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text that are separated by white space."""
    return frozenset(words.split())


def any_of(words: str) -> str:
    """Alternation over words that are separated by white space; `_` stands for a space inside a phrase."""
    return "|".join(sorted((word.replace("_", r"\s+") for word in words.split()), key=len, reverse=True))


NUMBER_WORD = (
    r"(?:numbers?|num|nummern?|nrs?|no|nos|n[°ºo.]|n|numéros?|numeros?|números?|núm|nbr|numer|id|code|codice|código|ref"
    r"|reference|referenz|référence|réf|referencia|riferimento|referentie|kennung|kennzeichen|#)"
)
"""How a number is called: number, Nummer, numéro, número, numero, nummer and their short forms."""

ORDER = any_of(
    "réclamation expediente siniestro demande aktenzeichen schaden schadens reparatur reparaturauftrags "
    "referentie guía rastreo"
    " volg caso fascicolo consegna sinistro dispute enquiry incident job repair request "
    "order purchase_order amazon_order bestellung bestellungs bestell auftrag auftrags commande pedido orden ordine"
    " ordini bestelling bestel invoice rechnung rechnungs facture factura fattura factuur tracking track_&_trace"
    " track_and_trace tracking-and-trace t&t sendung sendungs sendungsverfolgung sendungsverfolgungs paket shipment"
    " shipping parcel package delivery consignment dispatch colis suivi envoi livraison bordereau expédition "
    "seguimiento"
    " envío envio localizador expedición albarán paquete entrega spedizione tracciamento tracking pacco collo consegna"
    " zending zendings pakket verzend verzending levering receipt booking reservation buchung buchungs "
    "réservation reserva"
    " prenotazione reservering bon beleg quittungs kassenbon liefer lieferschein vorgang vorgangs fall ticket "
    "case rma claim"
    " complaint retoure retouren rücksende rücksendung reklamations return returns refund retour remboursement "
    "devolución"
    " reclamación reembolso compra incidencia pratica reso rimborso reclamo segnalazione acquisto dossier sav garantie"
    " klacht zaak melding terugbetaling confirmation bestätigung bestätigungs conferma bevestiging transaction"
    " transaktions transaktion transacción transazione transactie payment zahlungs purchase serviceauftrags order-id"
)
"""What an order, parcel, invoice or case is called; a long number follows."""

ORDER_ALONE = any_of(
    "réclamation expediente aktenzeichen siniestro "
    "order bestellung auftrag commande pedido ordine bestelling tracking track_&_trace track_and_trace "
    "sendungsverfolgung"
    " sendung invoice rechnung facture factura fattura factuur suivi seguimiento zending rma colis spedizione "
    "pakket parcel"
    " shipment consignment paket envío localizador pacco vorgang ticket case dossier pratica incidencia retour return"
    " retoure reso devolución postnl dhl dpd gls ups hermes fedex evri yodel colissimo chronopost mondial_relay "
    "seur mrw"
    " correos brt bartolini sda bpost reclamación klacht segnalazione"
    " bestellungen aufträge pakete sendungen rechnungen retouren"
    " commandes factures livraisons pedidos facturas envíos devoluciones compras ordini fatture spedizioni pacchi resi"
    " bestellingen pakketten zendingen facturen orders invoices parcels shipments returns claims tickets cases"
)
"""Those that announce a number even without `number` between them."""

CUSTOMER = any_of(
    "customer client account acct member membership loyalty subscriber subscription contract kunden kundenkonto "
    "mitglieds mitglied"
    " konto kontos vertrags vertrag abo abonnenten teilnehmer benutzer compte adhérent adhérente abonné contrat "
    "fidélité"
    " cliente cuenta socio socia abonado contrato fidelidad conto tessera utente contratto abbonamento fedeltà socio"
    " klant klanten lidmaatschap lid leden abonnee contract policy versicherungs police versicherungsschein "
    "poliza póliza"
    " polizza polis patient patienten personal matrikel student employee"
)
"""Someone's relation to the shop, an insurer or a club; a number follows."""

CUSTOMER_ALONE = any_of(
    "acct kundenkonto konto kundennr mitglied vertrag account customer_account compte adhérent socio cuenta contrat "
    "contrato contratto"
    " lidnr klantnr polis póliza polizza"
)
"""Those that announce a number even without `number` between them."""

ORDER_NOUN = any_of(
    "order_number order_no order_id purchase_order my_order the_order this_order tracking parcel shipment consignment "
    "invoice receipt_number rma return_number ticket case_number case complaint claim booking reference booking "
    "bestellnummer bestellnr bestell-nr bestellung auftrag auftragsnummer rechnung rechnungsnummer sendung "
    "sendungsnummer paket paketnummer sendungsverfolgung vorgang vorgangsnummer aktenzeichen ticketnummer retoure "
    "retourennummer reklamation lieferschein reservierung buchung schadensnummer commande bon_de_commande facture "
    "colis suivi numéro_de_suivi dossier dossier_sav réclamation retour bordereau expédition envoi recommandé "
    "remboursement pedido encargo factura paquete envío seguimiento localizador expediente incidencia reclamación "
    "devolución albarán guía reserva ordine fattura pacco spedizione tracking pratica reso segnalazione reclamo "
    "raccomandata prenotazione ricevuta scontrino bestelling bestelnummer bestelnr ordernummer factuur factuurnummer "
    "pakket pakje zending zaaknummer zaak klacht melding dossiernummer retournummer retourzending aangetekend "
    "boeking reservering tracktrace barcode_pakket trackingnummer tracking_number colissimo chronopost mondial_relay "
    "postnl bpost dhl dpd gls ups hermes evri yodel fedex seur mrw correos nacex brt sda bartolini "
    "royal_mail parcelforce "
    "sinistre siniestro sinistro schadensmeldung schadenmeldung nachforschungsauftrag schademelding "
    "signalement demande "
    "inpost an_post la_poste amazon_logistics swiss_post packstation "
    "return returns return_label refund label confirmation delivery_note query rücksendung rückgabe erstattung "
    "gutschrift lieferung "
    "retourenschein beschwerde anfrage anliegen fall beleg kassenbon auftragsbestätigung bestellbestätigung "
    "retouren garantiefall "
    "étiquette livraison avoir confirmation plainte intervention bon_de_livraison ticket_de_caisse commandes "
    "retours orden "
    "compra confirmación reembolso entrega etiqueta queja caso resguardo recibo ticket_de_compra envíos pedidos "
    "devoluciones "
    "acquisto conferma rimborso consegna etichetta caso richiesta collo bolla ddt preventivo ordini resi rientro "
    "levering aankoop bevestiging terugbetaling label bon bonnetje kassabon aanvraag verzending retouren "
    "bestellingen zendingen"
)
"""Of those, what announces a number a few words later too."""

ORDER_PAPER = any_of(
    "purchase_order order_confirmation delivery_note packing_slip credit_note return_slip return_label "
    "returns_label waybill "
    "proof_of_postage receipt quote auftragsbestätigung bestellbestätigung lieferschein gutschrift "
    "retourenschein rücksendeschein "
    "einlieferungsbeleg einlieferungsschein paketschein kassenbon kassenzettel beleg quittung frachtbrief "
    "angebot kaufbeleg "
    "versandbestätigung kostenvoranschlag abholschein bon_de_commande bon_de_livraison bon_de_retour "
    "confirmation_de_commande "
    "confirmation_d'achat confirmation_d’achat avoir ticket_de_caisse reçu étiquette_de_retour étiquette devis "
    "bordereau_de_retour "
    "preuve_de_dépôt bon_d'achat bon_d’achat ordre_de_réparation orden_de_compra confirmación_de_pedido "
    "confirmación_de_compra "
    "confirmación nota_de_entrega nota_de_crédito abono ticket_de_compra recibo resguardo etiqueta_de_devolución "
    "etiqueta presupuesto "
    "orden_de_reparación parte_de_reparación parte_de_avería conferma_d'ordine conferma_d’ordine "
    "conferma_d'acquisto conferma_d’acquisto "
    "conferma_ordine documento_di_trasporto ddt d.d.t. bolla bolla_di_consegna nota_di_credito scontrino "
    "ricevuta lettera_di_vettura ldv "
    "etichetta_di_reso etichetta preventivo ordine_di_acquisto buono_di_reso orderbevestiging bestelbevestiging "
    "aankoopbevestiging "
    "pakbon leverbon creditnota retourbon retourlabel retourformulier verzendlabel verzendbewijs vrachtbrief "
    "kassabon kassabonnetje "
    "aankoopbon offerte werkbon reparatiebon rma awb ra-number tracking-id sendungs-id bestell-id order-id "
    "auftrags-id vorgangs-id "
    "ticket-id paket-id retouren-id case-id return-id"
)
"""Papers that bear a number of an order, a parcel or a return, often a short one with letters."""

CUSTOMER_NOUN = any_of(
    "customer_number customer_no customer_id account_number account_no membership_number member_number client_number "
    "policy_number contract_number loyalty_card kundennummer kundennr kunden-nr kundenkonto mitgliedsnummer "
    "vertragsnummer versicherungsnummer policennummer postnummer numéro_client numéro_de_client n°_client "
    "numéro_d'adhérent numéro_de_contrat carte_de_fidélité référence_client número_de_cliente número_de_socio "
    "número_de_contrato nº_de_cliente tarjeta_de_fidelidad código_de_cliente codice_cliente numero_cliente "
    "numero_tessera tessera_fedeltà numero_contratto codice_utente klantnummer klantnr lidnummer lidmaatschapsnummer "
    "polisnummer contractnummer klantenkaart passport reisepass personalausweis passeport pasaporte passaporto "
    "paspoort paspoortnummer bsn ssn social_security_number national_insurance nhs_number nhs pps ppsn dni nie nif "
    "codice_fiscale steuer-id steuernummer steueridentifikationsnummer sozialversicherungsnummer svnr ahv-nummer "
    "ahv rijksregisternummer registre_national sécurité_sociale numéro_de_sécu seguridad_social identiteitskaart "
    "carte_d'identité carte_d’identité carta_d'identità carta_d’identità führerschein driving_licence "
    "driver's_license permis_de_conduire carnet_de_conducir patente rijbewijs krankenkasse krankenversicherung "
    "identifiant_fiscal numéro_fiscal carné_de_conducir carné carnet permiso_de_conducir permis "
    "rentenversicherungsnummer "
    "carte_vitale vitale allocataire affilié assuré adhérent abonné matricule patientennummer patiëntnummer lidkaart "
    "lidnummer versichertennummer tessera_sanitaria ausweis ausweisnummer passnummer"
)
"""Papers and relations that announce a number a few words later too."""

IDENTITY = any_of(
    "passport reisepass reisepaß pass personalausweis perso ausweis passeport carte_d'identité carte_d’identité "
    "cni pasaporte"
    " dni nie nif documento_de_identidad carnet_de_identidad carta_d'identità carta_d’identità passaporto paspoort"
    " identiteitskaart identiteitsbewijs id-kaart id_card identity_card identity_document driver's_license "
    "driver’s_license"
    " drivers_license driving_licence driving_license driver_license führerschein führerscheins "
    "permis_de_conduire permis"
    " permiso_de_conducir carnet_de_conducir patente patente_di_guida rijbewijs rijbewijs bsn burgerservice sofi"
    " national_insurance ni ni_number nino n.i. nhs social_security ssn pps ppsn steuer-id steuer steueridentifikations"
    " steuer-identifikations idnr tin tax_id utr sozialversicherungs sv svnr rentenversicherungs "
    "krankenversicherungs krankenkassen"
    " versicherten ahv ahv-nr avs sécurité_sociale sécurite_sociale securite_sociale sécu secu insee nir "
    "carte_vitale vitale"
    " registre_national numéro_national national rijksregister identifiant_national seguridad_social tarjeta_sanitaria"
    " codice_fiscale cf tessera_sanitaria inps matricule imei visa_n titre_de_séjour aufenthaltstitel"
)
"""Papers and numbers that the state, an insurer or a maker gave one person."""

PLATE = (
    r"(?:licen[cs]e plate|number ?plate|registration plate|reg(?:istration)?(?: plate| number)?|kfz-kennzeichen"
    r"|(?:auto)?kennzeichen"
    r"|nummernschild|plaque(?: d['’]immatriculation)?|immatriculation|immatriculée?|matrícula|targa(?:to|ta)?"
    r"|kenteken|nummerplaat)"
)
"""What stands before a vehicle's plate."""

PHONE = any_of(
    "phone telephone telephone_number tel tel. tél tél. mobile mobil cell cellphone call text ring whatsapp "
    "whats_app wasap"
    " fax hotline sms telefon telefonnummer handy handynummer rufnummer anrufen anruf ruf ruft melden nummer rückruf"
    " zurückrufen festnetz téléphone portable gsm natel fixe appelez appeler appelle rappel rappelez joindre "
    "joignable numéro"
    " teléfono telefono móvil movil celular llama llamar llámame llamad llamadme número numero cellulare cell chiamate"
    " chiamare chiamatemi chiama contattatemi telefoon telefoonnummer mobiel bel bellen gebeld bereikbaar "
    "vaste_lijn reach"
    " contact kontakt contacter contacto contatto erreichbar unter_der landline number my_number fijo fisso"
    " cel celu llamó llamaron llamado tlf tfno tfn telf teléf rang ringing called texted texting nr_privé handynr"
    " telefonnr mobilnummer mobilnr rückrufnummer privatnummer telnr tel.nr gsm-nummer gsmnummer gsmnr mobieltje"
    " numero telefonisch telefoniek appelé téléphoné téléphoner téléphonez chiamato telefonare telefonate sonner"
    " bellt belt sms'en appen app whatsappen whats wa tlfno llamada llamadas llamen llámenme marcar chiamata"
    " telefonata squilli nummertje"
)

PHONE_NOUN = any_of(
    "phone telephone tel tel. tél tél. mobile mobil cell cellphone whatsapp telefon telefonnummer handy "
    "handynummer rufnummer"
    " festnetz téléphone portable gsm natel teléfono telefono móvil movil celular cellulare telefoon "
    "telefoonnummer mobiel"
    " i'm_on i’m_on cel celu tlf tfno telf gsm-nummer handynr telefonnr mobilnummer rückrufnummer "
    "privatnummer call_me call_us ring_me text_me phone_number mobile_number my_number meine_nummer "
    "mon_numéro mi_número "
    "il_mio_numero"
    " mijn_nummer appelez-moi llámame chiamatemi bel_me erreichbar joignable bereikbaar rückruf"
)
"""Words after which a number can hardly be anything but a phone's."""

NOT_PHONE = any_of(
    "cod codice código ean isbn gtin upc asin sku model modell modelo modello modèle article artikel "
    "artikelnummer artikelnr art "
    "art.-nr item"
    " part teil teilenummer ersatzteil pièce pieza pezzo onderdeel serial serien seriennummer série serie serienr "
    "s/n sn"
    " firmware version versión versione versie build ref réf référence referencia riferimento batch lot lote "
    "charge lotto imei"
    " order bestellung commande pedido ordine bestelling barcode code_barre strichcode produktnummer product "
    "producto prodotto"
    " produit catalogue katalog mpn din iso en"
)
"""Before a number: it belongs to the product."""

BIRTH = (
    r"(?:date of birth|birth[\s-]?dates?|birth[\s-]?days?|d\.?o\.?b\.?|(?:was |were |been )?born(?: on)?"
    r"|geburtsdatum|geburtstag|geburtsdaten"
    r"|geb\.|geboren(?: am| op)?|date de naissance|nee? le|née? (?:le|à \w+,? le)|née?|anniversaire|fecha de "
    r"nacimiento|nacimiento"
    r"|nacid[oa](?: el| en \w+,? el)?|nací(?: el)?|cumpleaños|data di nascita|nat[oa](?: a \w+)?,?(?: il| l['’])|nacque"
    r"|compleanno|geboortedatum|verjaardag|jarig)"
)
"""What announces a birthdate."""

OF = r"(?i:\s+(?:de\s+la|de\s+l['’]|de|du|di|del|della|d['’]|of|for|van|der|meiner|l['’])|\s+d['’])?\s*"
CONNECTOR = (
    r"(?:\s*(?:is|was|war|ist|lautet|est|es|è|era|vom|to|von|mit|of|under|sous|con|met|[:#=.,(\-–]|n[°ºo]\.?"
    r"|nr\.?)(?!\w)|\s*[:#=.,(\-–]){0,3}\s*"
)
"""Between what announces a number and the number."""

NOT_AFTER = (
    r"(?![\w€$£%°])(?!\s?(?:mah|wh|kwh|mm|cm|ml|gb|tb|mb|kb|hz|khz|mhz|ghz|euros?|eur|usd|€|\$|£|%|lumen|lm|kg|watt|w|v"
    r"|days?|tagen?|stunden|hours?|jours|heures|días|horas|giorni|ore|dagen|uur|pages|seiten|stück|pieces)\b)"
)
"""Not a quantity."""
