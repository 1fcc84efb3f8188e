"""Words of six languages that stand beside personal data: what announces a number, a name, an address.

Patterns are fragments for `recognizers`; all are matched without regard to case unless the name says otherwise.
"""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text that are separated by white space."""
    return frozenset(words.split())


def _any(words: str) -> str:
    """Alternation over words that are separated by white space; `_` stands for a space inside a phrase."""
    return "|".join(sorted((word.replace("_", r"\s+") for word in words.split()), key=len, reverse=True))


NUMBER_WORD = (
    r"(?:numbers?|num|nummern?|nr|no|nos|n[°ºo.]|numéros?|numeros?|números?|núm|numer|id|code|codice|código"
    r"|kennung|#)"
)
"""How a number is called: number, Nummer, numéro, número, numero, nummer and their short forms."""

ORDER = _any(
    "order purchase_order amazon_order bestellung bestellungs bestell auftrag auftrags commande pedido orden ordine"
    " ordini bestelling bestel invoice rechnung rechnungs facture factura fattura factuur tracking track_&_trace"
    " track_and_trace tracking-and-trace sendung sendungs sendungsverfolgung sendungsverfolgungs paket shipment"
    " shipping parcel package delivery consignment colis suivi envoi livraison seguimiento envío envio localizador"
    " albarán spedizione tracciamento pacco zending zendings pakket receipt booking reservation buchung buchungs"
    " réservation reserva prenotazione reservering bon beleg vorgang vorgangs ticket case rma claim retoure retouren"
    " return reclamación incidencia pratica dossier klacht confirmation bestätigung conferma bevestiging"
)
"""What an order, parcel, invoice or case is called; a long number follows."""

ORDER_ALONE = _any(
    "order bestellung auftrag commande pedido ordine bestelling tracking track_&_trace sendungsverfolgung invoice"
    " rechnung facture factura fattura factuur suivi seguimiento zending rma"
)
"""Those that announce a number even without `number` between them."""

CUSTOMER = (
    _any(
        "customer client account member membership loyalty kunden kundenkonto mitglieds mitglied konto vertrags"
        " client_"
        " compte adhérent cliente cuenta socio conto tessera klant klanten account_ lidmaatschap policy versicherungs"
    )
    .replace(r"client\s+", "client")
    .replace(r"account\s+", "account")
)

IDENTITY = _any(
    "passport reisepass reisepaß pass personalausweis ausweis passeport carte_d'identité carte_d’identité pasaporte"
    " dni nie nif documento_de_identidad carta_d'identità carta_d’identità passaporto paspoort identiteitskaart"
    " id_card identity_card driver's_license driver’s_license drivers_license driving_licence driving_license"
    " führerschein permis_de_conduire permiso_de_conducir carnet_de_conducir patente rijbewijs bsn"
    " burgerservice sofi national_insurance ni_number nino nhs social_security ssn steuer-id steuer"
    " steueridentifikations"
    " steuer-identifikations idnr tax_id sozialversicherungs rentenversicherungs krankenversicherungs"
    " versicherten sécurité_sociale sécu nir carte_vitale seguridad_social codice_fiscale tessera_sanitaria"
    " imei license_plate number_plate registration_plate kennzeichen nummernschild plaque_d'immatriculation"
    " plaque_d’immatriculation immatriculation matrícula targa kenteken"
)
"""Papers and numbers that the state, an insurer or a maker gave one person."""

PHONE = _any(
    "phone telephone telephone_number tel tel. tél tél. mobile mobil cell cellphone call text ring whatsapp whats_app"
    " fax hotline sms telefon telefonnummer handy handynummer rufnummer anrufen nummer rückruf téléphone portable"
    " appelez appeler joindre joignable numéro teléfono telefono móvil movil celular llama llamar llámame"
    " número numero cellulare chiamate chiamare chiamatemi telefoon telefoonnummer mobiel bel bellen gebeld"
    " bereikbaar reach contact kontakt contacter contacto contatto erreichbar unter_der"
)

NOT_PHONE = _any(
    "ean isbn gtin upc asin sku model modell modelo modello modèle article artikel artikelnummer art art.-nr item"
    " part"
    " teil pièce pieza serial serien seriennummer série serie s/n sn firmware version versión versione versie ref"
    " réf référence referencia riferimento batch lot charge lotto imei order bestellung commande pedido ordine"
    " bestelling barcode"
)
"""Before a number: it belongs to the product."""

BIRTH = (
    r"(?:date of birth|birth ?date|d\.?o\.?b\.?|born on|geburtsdatum|geburtstag|geb\.|geboren am|date de naissance"
    r"|née? le|fecha de nacimiento|nacid[oa] el|data di nascita|nat[oa] il|geboortedatum|geboren op)"
)

TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Herrn?|Frau|Fr|Hr|M|Mme|Mlle|Monsieur|Madame|Mademoiselle|Sr|Sra|Srta|Señora?"
    r"|Señorita|Don|Doña|Sig|Sig\.?ra|Signora?|Signorina|Dott|Dott\.?ssa|Dhr|Mevr|Mw|Meneer|Mevrouw|de heer)\.?"
)
"""Titles, in their own case."""

SERVICE = _any(
    "customer_service customer_care customer_support support helpdesk service team shop store seller dealer driver"
    " courier delivery technician installer agent representative rep salesman saleswoman help helping assistance"
    " advice kundenservice kundendienst kundenbetreuung beratung berater beraterin hilfe verkäufer verkäuferin"
    " fahrer zusteller bote techniker monteur mitarbeiter mitarbeiterin filiale hotline laden geschäft service_client"
    " sav s.a.v. conseil conseils conseiller conseillère aide livreur vendeur vendeuse technicien magasin boutique"
    " accueil atención_al_cliente servicio soporte ayuda ayudarme vendedor vendedora repartidor técnico tienda"
    " asesor asesora assistenza servizio supporto aiuto aiutato venditore venditrice corriere tecnico negozio"
    " commesso commessa klantenservice klantendienst hulp geholpen verkoper verkoopster bezorger winkel advies"
    " medewerker medewerkster"
)
"""People at work for the shop: a name beside it is a private person's, not an author's or a hero's."""

WORK_OF_ART = _any(
    "book books novel author writer writing story stories series trilogy chapter movie film album song character"
    " characters hero heroine protagonist buch bücher roman romane autor autorin schriftsteller geschichte reihe"
    " kapitel krimi thriller figur hauptfigur held heldin livre livres auteur autrice écrivain histoire personnage"
    " libro libros libri novela autora escritor historia personaje romanzo autore scrittore scrittrice storia"
    " personaggio boek boeken schrijver schrijfster verhaal verhalen auteur hoofdpersoon personage reeks deel"
)
"""Near a name: it may be an author or a character, who are no private persons here."""

FAMILY = (
    r"(?:my (?:husband|wife|son|daughter|boyfriend|girlfriend|partner|brother|sister|friend|boss|grandson"
    r"|granddaughter"
    r"|nephew|niece|neighbou?r|colleague|doctor)"
    r"|mein(?:e[nmr]?)? (?:mann|frau|sohn|tochter|freund(?:in)?|bruder|schwester|enkel(?:in)?|neffen?|nichte"
    r"|chef(?:in)?"
    r"|nachbar(?:in)?|kolleg(?:e|in|en))"
    r"|m(?:on|a) (?:mari|femme|fils|fille|copine?|ami|amie|frère|sœur|soeur|petit-fils|petite-fille|neveu|nièce"
    r"|voisine?|collègue)"
    r"|mi (?:marido|mujer|esposo|esposa|hij[oa]|novi[oa]|amig[oa]|herman[oa]|niet[oa]|sobrin[oa]|vecin[oa])"
    r"|(?:(?:il )?mio|(?:la )?mia) (?:marito|moglie|figli[oa]|fidanzat[oa]|amic[oa]|fratello|sorella|nipote|collega"
    r"|compagn[oa])"
    r"|mijn (?:man|vrouw|zoon|zoontje|dochter|dochtertje|vriend(?:in)?|broer|zus|kleinzoon|kleindochter|neef|nicht"
    r"|buurman|buurvrouw|collega))"
)

NOT_A_NAME = word_set(
    "amazon ebay zalando otto bol coolblue mediamarkt saturn dhl dpd ups gls hermes postnl fedex usps royal "
    "mail correos seur chronopost colissimo poste brt samsung apple bosch siemens braun philips sony lg "
    "panasonic google microsoft lenovo dell hp asus acer huawei xiaomi nokia dyson miele tefal krups delonghi "
    "makita hebban netgalley goodreads kindle alexa siri cortana paypal klarna visa god gott dieu dios dio "
    "jesus christmas santa kitty the this that all everyone everybody you your my our alle allen euch ihnen "
    "dem der die das den ein eine dieses diese diesem diesen für tous toutes vous votre cette ce ces le la les "
    "lui leur todos todas usted ustedes el los las ella este esta esto tutti tutte voi lui lei il lo gli "
    "questa questo jullie iedereen het een deze dit customer support service team seller shop kundenservice "
    "verkäufer vendeur vendedor venditore verkoper uitgeverij verlag editions herr frau mr mrs ms miss "
    "monsieur madame señor señora signor signora meneer mevrouw and und et y e en i it he she they we just not "
    "so very from aus vom von de del della van"
)
"""Lower-case words that follow a thanks or a greeting and name no private person: shops, brands, carriers, pronouns."""

FIRST_NAMES = word_set(
    "aaron adam adrian alan albert alberto alejandra alejandro alessandra alessandro alessia alex alexander "
    "alexandra alexandre alexis alfred alice alicia alina aline alison álvaro amanda amélie amy ana anaïs "
    "anders andrea andreas andrés andrew ángel ángela angela angelika angelo anita anja anke ann anna annalisa "
    "anne anneke annette annika anouk anton antoine antonella antonia antonio anthony arjan arnaud arno arthur "
    "astrid audrey barbara bart bas beatrice beatriz begoña ben benedikt benjamin benoît bernard bernd bert "
    "bianca birgit björn blanca bob bram brandon brenda brian brigitte britta bruno camille carina carla carlo "
    "carlos carmen carola carolin caroline carsten catalina catherine cécile charles charlotte chiara chloé "
    "chris christa christian christiane christina christine christof christoph christophe christopher cindy "
    "claire clara claudia claudio clément colin conny constanze corinna corinne cornelia cristian cristiano "
    "cristina cynthia daan damien dan daniel daniela daniele danielle danny dario dave david davide dean "
    "debbie deborah delphine denis dennis derek diana diane didier diego dieter dirk dominik dominique donna "
    "doris dorothea dylan eddy eduardo edward eileen elena eleonora elisa elisabeth elise elizabeth elke ellen "
    "elodie els elsa emanuele emil emilia emilie emily emma emmanuel enrico enrique eric erica erik erika "
    "esther eugenia eva evelyn fabian fabien fabio fabrice federica federico felix femke ferdinand fernando "
    "filippo fiona florence florian floris frances francesca francesco francis francisco franck franco "
    "françois françoise frank franz fred frédéric frederik friedrich gabriel gabriela gabriele gary geert "
    "georg george georges gerald gerard gerd gerda gerhard gert giacomo gianluca gianni gilles gina giorgia "
    "giorgio giovanna giovanni gisela giulia giuseppe giusy gloria gonzalo greta guido guillaume günter "
    "günther gustavo hanna hannah hannelore hannes hanneke hans harald hatice heather heidi heike heiko "
    "heinrich heinz helen helena helene helga hélène helmut hendrik henk henri henrik henry herbert hermann "
    "hilde hilke holger horst hubert hugo ian ignacio ilaria ilse ines inés inge ingo ingrid irene iris isabel "
    "isabella isabelle ivan jack jacky jacob jacqueline jacques jaime jakob james jan jana jane janet janine "
    "jannik jasmin jason javier jean jeanne jeff jelle jennifer jenny jens jeremy jérôme jeroen jessica jill "
    "jim joachim joana joanna joanne jochen joe joël joep johan johanna johannes john jolanda jonas jonathan "
    "joost jordi jörg jorge joris josé josef joseph josephine joshua jost juan juana judith julia julian "
    "juliane julie julien juliette jürgen justin justine kai karen karim karin karina karl karsten kate "
    "katharina kathleen kathrin kathy katia katja katrin kees keith kelly kenneth kerstin kevin kim kirsten "
    "klaas klaus konrad kristina kurt lara lars laura laure laurence laurent lea léa lena leo leon léon "
    "leonardo leonie lieke lieselotte lina linda lisa liselotte livia lorena lorenzo lotte louis louise luc "
    "luca lucas lucia lucía lucie luigi luis luisa lukas luuk lydia maaike madeleine magdalena maike malte "
    "manfred manon manuel manuela marc marcel marcella marcello marco marcos marcus margaret margarita "
    "margherita margit margot maria maría mariana marianne marie marieke marijke marina mario marion marisa "
    "marjan mark markus marleen marlene marta martha martin martina martine mary massimo mathias mathieu "
    "mathilde matteo matthew matthias matthieu maud maureen maurice maurizio max maxime maximilian mehmet "
    "melanie mélanie mercedes merel mia michael michaela michel michele michelle miguel mike milan mirjam "
    "miriam mohamed monica mónica monika monique montse nadia nadine nancy natalia natalie nathalie nathan "
    "nele nerea nicholas nick nicola nicolas nicole niels niklas nils nina noah noemi nora norbert nuria núria "
    "olaf oliver olivia olivier oscar óscar pablo paola paolo pascal patricia patrick patrizia paul paula "
    "pauline pedro peggy petra peter philip philipp philippe pia pierre pieter pietro pilar quentin rachel "
    "rafael rainer ralf ramón raquel raúl rebecca regina reinhard renate rené renée riccardo richard rita rob "
    "robert roberta roberto robin rocío roger roland rolf romain roman ron ronald rosa rosario rosemarie rubén "
    "ruben rudolf rüdiger ruth ryan sabine sabrina salvatore sam samantha samuel sander sandra sanne sara "
    "sarah sascha scott sean sébastien sebastian sergio sharon silke silvia simon simona simone sina sofia "
    "sofía sofie sonia sonja sophia sophie stefan stefania stefanie stefano steffen steffi stéphane stephanie "
    "stéphanie stephen steve steven sue susan susana susanna susanne suzanne sven svenja sylvain sylvia sylvie "
    "tamara tania tanja tatjana teresa tessa theo théo theresa thierry thijs thomas thorsten tim timo tina "
    "tobias tom tomás tommaso tony torsten tracy udo ulrich ulrike ursula ute uwe valentin valentina valeria "
    "valérie vanessa vera verena veronica verónica véronique vicente victor víctor victoria viktor viktoria "
    "vincent vincenzo virginia virginie volker walter wendy werner wiebke wilfried wilhelm willem william wim "
    "wolfgang wouter xavier yann yannick yolanda yvette yvonne zoe zoé"
)
"""Common first names of the six countries, lower case, written from memory of who lives there."""
