"""Words of six languages around people: titles, relatives, staff, works of art, and what is never a private name."""

from __future__ import annotations

import re
from functools import lru_cache

from reviewsum_assets.reviews.personal_words import any_of, word_set

TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Herrn?|Frau|Fr|Hr|Hrn|Frl|M|MM|Mme|Mmes|Mlle|Monsieur|Madame|Mademoiselle"
    r"|Sr|Sra|Srta|Señora?"
    r"|señora?|Señorita|señorita|Don|Doña|don|doña|Sig|Sig\.?ra|Sig\.?na|sig|sig\.?ra|Signora?|signora?|Signorina"
    r"|signorina|Dott|Dott\.?ssa|Avv|Ing|Dhr|dhr|Mevr|mevr|Mw|mw|Meneer|meneer|Mevrouw|mevrouw|[Dd]e heer|Lady|Sir"
    r"|monsieur|madame|mademoiselle|[Dd]octeur|[Dd]octora?|[Dd]ottore?|[Dd]ottoressa|[Dd]okter|[Dd]oktor)\.?"
)
"""Titles, in their own case."""

KIN_BRANDS = word_set(
    "emma maría maria roger ben bens sam tom bessie may mame lina sjaan fanny käthe paul ernie buck vernon "
    "fester jemima"
)
"""Aunts and uncles of brands, films and shops: `Tía María`, `Uncle Ben`."""

DOCTORS = word_set("docteur doctor doctora dottor dottore dottoressa dokter doktor")
"""Titles of doctors written out."""

LOOSE_TITLES = word_set("dr prof miss don doña m me fr lady sir ing avv")
"""Titles that brands and characters carry too, or that are other words: they need more around them."""

TITLED_BRANDS = word_set(
    "oetker martens martin's coffee muscle proper propre clean cleaner beckmann best scholl scholls hauschka "
    "bronner bronners brown browns pepper "
    "dre seuss who house strange bean darcy potato incredible robot magoo men monk holmes watson jekyll hyde "
    "rochester bingley bennet poppins "
    "doubtfire hinch meyers meyer bovary holle antje limpio limon limón camillo quijote quixote giovanni juan "
    "corleone marple dior peregrine "
    "marvel big beams heater bubble dash butterworth lincoln brush sinister freeze fox whippy kipling tumble "
    "men's bigglesworth bump happy "
    "tickle strong beast dalloway robinson hudson danvers weasley potter dumbledore snape malfoy granger holmes "
    "sherlock morton jart squatch "
    "severin wellness klein schär wolz dolittle doolittle zhivago frankenstein faust sandman sonneborn tod "
    "röslein t spock kirk beaver bates "
    "wick grey nobody moon lova pink right wrong perfect saigon sporty pompadour tussauds butterfly tussaud "
    "claude rouge beerta fletcher "
    "lindo rottenmeier mahlzahn waas shepherd fraiser phil oz clooney evil no ok g kellogg holt mercury sandman "
    "brainwash deeds ripley toad "
    "blobby beens marmalade humpty claus weihnachtsmann ober wirt gott und der die das en et y e o de und la "
    "anfang mitte ende "
    "sheen rushmore beeton beetons crimble crimbles kiplings hinchs tayto tiggywinkle tiggy-winkle twit twits "
    "wormwood trunchbull bennets "
    "miyagi smithers krabs wonka tumnus dursley mcgonagall umbridge chips blonde maisel pritchett mcgregor "
    "bumble bloom porky snuffles worf spook fixit plow plod grumpy nosey bojangles meaty whippy wimpy tinkle topsy "
    "hulot patate bricolage meuble store cuisine malaussène poirot seguin michu figaro popper loyal jourdain "
    "vinaigre jardin clown cyclopède maigret bien bricoleur univers "
    "nilsson prysselius settergren rettich taschenbier dickbauch elster merkel trump macron biden "
    "putin scholz lauterbach merz obama thatcher sunak starmer sánchez rajoy meloni draghi berlusconi rutte wilders "
    "turtur tütü ribbeck holmes wichtig bratbecker keuner bömmel "
    "pimpón bosco algodón pancho vito perlimplín draper papa quixote tenorio "
    "abbondio bonaventura distruggere omicidi balanzone minzoni lurio "
    "pastoor verona aart mier uil kaktus cheeta cactus dinges jip pluis"
)
"""What stands after a title in brands, books and films: `Dr. Oetker`, `Mr. Darcy`, `Monsieur Propre`, `Frau Holle`."""

SERVICE_DESK = any_of(
    "customer_service customer_services customer_care customer_support support helpdesk help_desk help_line "
    "helpline service_desk service team"
    " returns_desk returns returns_department tech_support technical_support sales call_centre call_center "
    "warehouse accounts head_office store shop hotline"
    " kundenservice kundendienst kundenbetreuung kundensupport service-team serviceteam servicecenter verkauf "
    "werkstatt filiale versand vertrieb reklamation technik"
    " service_client service_clients service_après-vente sav s.a.v. accueil magasin support_technique "
    "atención_al_cliente servicio_al_cliente servicio_técnico"
    " atención soporte tienda assistenza servizio_clienti servizio_assistenza assistenza_clienti negozio "
    "klantenservice klantendienst helpdesk winkel servicedesk verkoop"
    " customer-service beratung department dept parts_department branch repair_shop workshop reception office "
    "abteilung reklamationsabteilung kasse zentrale"
    " rayon caisse comptoir atelier service taller caja oficina supporto officina ufficio cassa reparto afdeling "
    "kassa werkplaats balie receptie garage"
)
"""Where someone works who helps customers."""

SERVICE = (
    SERVICE_DESK
    + "|"
    + any_of(
        "seller dealer driver courier delivery technician fitter installer engineer agent representative rep salesman "
        "saleswoman help helping helped assistance advice"
        " desk counter patience kind rude phone refund replacement laden geschäft berater beraterin hilfe geholfen "
        "verkäufer verkäuferin fahrer zusteller bote techniker monteur"
        " mitarbeiter mitarbeiterin geduld freundlich telefon schnelle conseil conseils conseiller conseillère "
        "conseillé aide aidé livreur vendeur vendeuse technicien"
        " boutique patience réponse téléphone servicio ayuda ayudarme ayudado vendedor vendedora repartidor técnico "
        "paciencia amabilidad atendió trato"
        " teléfono asesor asesora servizio supporto aiuto aiutato disponibilità gentilezza pazienza gentilissima "
        "gentilissimo venditore venditrice corriere tecnico commesso commessa telefono"
        " hulp geholpen geduld verkoper verkoopster bezorger monteur advies medewerker medewerkster telefoon antwoord"
    )
)
"""People at work for the shop: a name beside it is a private person's, not an author's or a hero's."""

WORKER = any_of(
    "courier driver delivery_driver delivery_man delivery_guy delivery_person delivery_lady postman postwoman "
    "postie mailman mail_carrier technician engineer fitter"
    " plumber electrician installer agent rep representative sales_rep advisor adviser assistant sales_assistant "
    "shop_assistant manager store_manager salesman saleswoman salesperson sales_lady operator carer builder"
    " gardener landlord colleague clerk cashier supervisor mechanic handyman receptionist support_agent seller "
    "vendor fahrer fahrerin zusteller zustellerin bote botin paketbote"
    " postbote postbotin briefträger briefträgerin kurier lieferant techniker technikerin monteur installateur "
    "elektriker handwerker mitarbeiter mitarbeiterin mitarbeiters verkäufer verkäuferin berater"
    " beraterin kundenberater kundenberaterin kundenbetreuer kundenbetreuerin sachbearbeiter sachbearbeiterin "
    "servicemitarbeiter servicemitarbeiterin hausmeister chef chefin filialleiter filialleiterin ansprechpartner "
    "ansprechpartnerin kollege kollegin kollegen nachbar nachbarin händler"
    " supportmitarbeiter supporter livreur livreuse facteur factrice technicien technicienne conseiller "
    "conseillère vendeur vendeuse plombier électricien réparateur dépanneur installateur"
    " opérateur opératrice gérant gérante responsable interlocuteur interlocutrice hôtesse caissière caissier "
    "employé employée collègue gardien gardienne repartidor repartidora cartero cartera mensajero"
    " mensajera técnico técnica operario operador operadora agente dependiente dependienta vendedor vendedora "
    "comercial asesor asesora instalador fontanero electricista"
    " encargado encargada empleado empleada teleoperadora portero compañero compañera corriere postino postina "
    "fattorino tecnico tecnica commesso commessa venditore venditrice operatore operatrice addetto"
    " addetta consulente idraulico elettricista installatore impiegato impiegata direttore portiere collega "
    "bezorger bezorgster koerier postbode chauffeur monteur medewerker medewerkster verkoper verkoopster adviseur"
    " adviseuse installateur loodgieter elektricien pakketbezorger winkelier conciërge buurman buurvrouw "
    "joiner carpenter painter decorator tiler roofer locksmith mover removal_man apprentice trainee intern "
    "van_driver optician "
    "pharmacist barber florist vet nurse stylist tailor cobbler delivery_boy delivery_chap delivery_woman "
    "delivery_girl shop_girl "
    "fixer repairman repair_man gas_man boiler_man window_fitter kitchen_fitter salesgirl host "
    "schreiner tischler maler klempner spediteur möbelpacker packer azubi lehrling meister optiker optikerin "
    "apotheker apothekerin "
    "friseurin rezeptionistin kassierer kassiererin küchenbauer ofenbauer heizungsbauer schornsteinfeger gärtner "
    "umzugshelfer "
    "aushilfe praktikant praktikantin paketmann paketfahrer lkw-fahrer aufbauer servicetechniker "
    "kundendiensttechniker auslieferer "
    "monteurin schlosser fliesenleger dachdecker schneiderin lieferbote lieferfahrer lehrjunge handwerksmeister "
    "menuisier peintre chauffagiste serrurier cuisiniste poseur carreleur apprenti apprentie stagiaire "
    "déménageur magasinier "
    "opticien opticienne pharmacien pharmacienne coiffeuse coursier chauffeur transporteur monteur ramoneur "
    "manutentionnaire "
    "réceptionniste intérimaire gardienne artisan vitrier couvreur maçon jardinier téléopérateur téléopératrice "
    "standardiste "
    "conseillère chargée_de_clientèle chargé_de_clientèle préparateur assistante "
    "montador montadora carpintero pintor cerrajero transportista camionero chófer chofer conductor conductora "
    "ayudante aprendiz "
    "mozo recepcionista farmacéutico farmacéutica peluquera cajera cajero albañil jardinero instaladora "
    "reponedor reponedora "
    "delegado gestor gestora operaria mecánico tapicero cristalero óptico óptica becario trabajador trabajadora "
    "chavala "
    "montatore montatrice falegname imbianchino autista trasportatore magazziniere apprendista garzone "
    "farmacista parrucchiera "
    "muratore fabbro giardiniere tappezziere vetraio ottico stagista manutentore camionista cassiera cassiere "
    "consulenta "
    "referente dipendente lavorante facchino aiutante centralinista commercialista "
    "stukadoor timmerman schilder leerling vakman klusser klusjesman verhuizer apotheker kapper kapster opticien "
    "meubelmaker "
    "keukenmonteur magazijnier stagiair stagiaire uitzendkracht hovenier slotenmaker dakdekker tegelzetter "
    "pakketjesman "
    "bezorgjongen vrachtwagenchauffeur servicemonteur winkelmeisje winkeljuffrouw telefoniste hulpje baliemedewerker"
)
"""People at work whom a review names."""

WORK_OF_ART = any_of(
    "book books novel novels author authors writer writing written story stories series trilogy chapter chapters "
    "movie movies film films album albums song songs music singer band character"
    " characters hero heroine protagonist detective audiobook narrator actor actress plot fans soundtrack played "
    "poem paperback sequel buch bücher roman romane romanen autor autorin autoren schriftsteller geschichte "
    "geschichten reihe serie"
    " kapitel krimi krimis thriller figur figuren hauptfigur held heldin hörbuch sprecher schauspieler ermittler "
    "kommissar kommissarin regal sänger musik lied livre livres auteur autrice auteurs écrivain histoire "
    "histoires personnage personnages polar"
    " intrigue chanson chanteur chanteuse comédien étagère libro libros libri novela novelas autora escritor "
    "escritora historia historias personaje personajes saga película canción cantante actor romanzo romanzi "
    "autore autrice scrittore scrittrice storia storie"
    " personaggio personaggi protagonista canzone giallo attore boek boeken schrijver schrijfster geschreven "
    "verhaal verhalen auteur hoofdpersoon hoofdpersonage personage personages reeks deel vervolg roman thriller "
    "zanger zangeres lezen gelezen leest plank"
    " cookbook cookbooks kochbuch recettes recetario ricettario kookboek tonie hörspiel comic comics manga "
    "sitcom poet poem poems "
    " film read reading reads lu lire liest gelesen leído leyendo leer letto leggere bladzijde bladzijden pagina "
    "pages seiten"
)
"""Near a name: it may be an author or a character, who are no private persons here."""

STORY_WORDS = word_set(
    "book books novel novels author authors writer story stories trilogy chapter chapters movie movies film films "
    "album albums singer character"
    " characters protagonist detective audiobook narrator actor actress plot buch bücher roman romane romanen "
    "autor autorin autoren schriftsteller"
    " kapitel krimi krimis thriller hauptfigur hörbuch schauspieler ermittler kommissar leser lesen livre livres "
    "auteur autrice écrivain personnage"
    " personnages polar roman romans tome intrigue lecture libro libros libri novela novelas autora escritor "
    "escritora personaje personajes saga película lectura romanzo"
    " romanzi autore autrice scrittore scrittrice personaggio personaggi protagonista lettura trama boek boeken "
    "schrijver schrijfster verhaal verhalen"
    " hoofdpersoon hoofdpersonage personage personages vervolg trilogie lezen gelezen leest lezer lezers "
    "verfilming scène boekenreeks serie series"
    " deel delen dvd season episode staffel folge saison temporada stagione seizoen"
)
"""A review with one of these is about a work of art or may be."""

_WORDS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=64)
def is_story(text: str) -> bool:
    """Whether a review is about a book or a film."""
    return not STORY_WORDS.isdisjoint(_WORDS.findall(text.lower()))


_KIN = {
    "en": "husband wife son daughter boyfriend girlfriend partner fiancé fiancée fiance brother sister friend "
    "mate buddy boss grandson granddaughter grandchild nephew niece cousin"
    " neighbour neighbor colleague coworker mum mom mother dad father stepson stepdaughter stepdad stepmum "
    "mother-in-law father-in-law sister-in-law brother-in-law son-in-law daughter-in-law grandma grandpa"
    " grandmother grandfather uncle aunt auntie flatmate roommate godson goddaughter godchild toddler boy girl "
    "little_one little_boy little_girl best_friend kids sons daughters boys girls children grandkids "
    "grandchildren nephews nieces twins eldest"
    " youngest hubby other_half better_half doctor dentist landlord hairdresser carer nan granny baby assistant "
    "godmother godfather stepmother stepfather stepsister stepbrother half-sister half-brother great-aunt great-uncle "
    "great-grandson great-granddaughter great-niece workmate housemate pal lodger tenant ex missus childminder "
    "babysitter "
    "teacher goddad fella nanna gran grandad gramps godchildren auntie",
    "de": "mann frau sohn tochter freund freundin bruder schwester enkel enkelin enkelkind neffe neffen nichte "
    "chef chefin nachbar nachbarn nachbarin kollege kollegen kollegin mutter mama vater papa"
    " schwager schwägerin schwiegermutter schwiegervater schwiegersohn schwiegertochter cousin cousine "
    "lebensgefährte lebensgefährtin partner partnerin verlobter verlobte ehemann ehefrau oma opa tante onkel "
    "patenkind patensohn"
    " patentochter kumpel mitbewohner mitbewohnerin kinder söhne töchter jungs mädels enkelkinder zwillinge "
    "kleiner kleine kleinen großer große bub junge stiefsohn stieftochter göttergatte hausarzt zahnarzt vermieter "
    "lehrer sohnemann kind baby "
    "patentante patenonkel stiefmutter stiefvater großmutter großvater urgroßmutter uroma uropa urenkel "
    "urenkelin halbschwester "
    "halbbruder stiefschwester stiefbruder bekannte bekannter mitbewohnerin schwägern tagesmutter lehrerin "
    "großtante großonkel "
    "großneffe großnichte ex omi opi mutti vati arbeitskollege arbeitskollegin nachbarskind nachbarsjunge hündin",
    "fr": "mari femme fils fille copain copine ami amie amis frère sœur soeur petit-fils petite-fille neveu nièce "
    "cousin cousine voisin voisine collègue mère père maman papa belle-mère beau-père beau-frère"
    " belle-sœur belle-soeur beau-fils belle-fille gendre bru compagnon compagne conjoint conjointe fiancé "
    "fiancée épouse époux grand-mère grand-père tante oncle filleul filleule patron patronne pote chéri chérie"
    " enfants filles garçons jumeaux petits-enfants petite petit garçon loulou bébé aîné cadet médecin "
    "meilleure_amie meilleur_ami mamie papi "
    "marraine parrain belle-maman beau-papa demi-frère demi-sœur arrière-petit-fils arrière-petite-fille coloc "
    "colocataire ex "
    "nounou maîtresse tata tonton mémé pépé mémère pépère nana cousins cousines filleuls petiote tantine copains "
    "copines",
    "es": "marido mujer esposo esposa hijo hija novio novia amigo amiga hermano hermana nieto nieta sobrino "
    "sobrina vecino vecina compañero compañera madre padre mamá papá suegra suegro cuñado cuñada yerno nuera"
    " primo prima abuela abuelo tía tío pareja ahijado ahijada jefe jefa hijos hijas nietos gemelos niño niña "
    "peque pequeño pequeña niños mejor_amiga mejor_amigo médico bebé hijastro "
    "madrina padrino madrastra padrastro hermanastra hermanastro bisabuela bisabuelo bisnieta bisnieto tita tito "
    "yaya yayo abuelita "
    "abuelito compi ex profe maestra consuegra concuñada hermanita hermanito sobrinita sobrinito amigas amigos "
    "cuñadas primos",
    "it": "marito moglie figlio figlia figlioletto figlioletta fidanzato fidanzata ragazzo ragazza amico amica "
    "fratello sorella nipote nipotino nipotina collega compagno compagna madre padre mamma papà suocera suocero "
    "cognato"
    " cognata genero nuora cugino cugina nonna nonno zia zio vicino vicina capo figli figlie gemelli bimbo bimba "
    "bambino bambina piccolo piccola medico migliore_amica migliore_amico bimbi fratellino sorellina "
    "madrina padrino matrigna patrigno sorellastra fratellastro bisnonna bisnonno pronipote coinquilina "
    "coinquilino zietta ex "
    "maestra nonnina nonnino cuginetta cuginetto consuocera amiche amici cognati zii",
    "nl": "man vrouw zoon zoontje dochter dochtertje vriend vriendin vriendje vriendinnetje broer broertje zus "
    "zusje zuster kleinzoon kleindochter kleinkind neef neefje nicht nichtje buurman buurvrouw collega moeder "
    "mama vader papa"
    " schoonmoeder schoonvader schoonzus schoonzoon schoondochter zwager oma opa tante oom partner verloofde "
    "echtgenoot echtgenote baas huisgenoot kinderen zonen zoons dochters kleinkinderen tweeling jongste oudste"
    " meisje jongen stiefzoon petekind kleine beste_vriendin beste_vriend huisarts baby "
    "peettante peetoom peetmoeder meter stiefmoeder stiefvader stiefdochter halfzus halfbroer stiefbroer "
    "schoonouders overgrootmoeder "
    "achterneef achternicht ex huisgenote juf oppas omi opi grootmoeder grootvader oudtante oudoom werkmaat "
    "petekindje buurjongen "
    "buurmeisje vriendinnen vrienden neefjes nichtjes",
}
_ADJECTIVES = {
    "en": r"(?:(?:dear|late|lovely|little|big|older|younger|eldest|youngest|oldest|best|elderly|new|old|poor"
    r"|beautiful|darling|wonderful|own|teenage|adult|\d+[- ]years?[- ]old)\s)*",
    "de": r"(?:(?:liebe[rn]?|kleine[rn]?|große[rn]?|ältere[rn]?|jüngere[rn]?|älteste[rn]?|jüngste[rn]?|beste[rn]?"
    r"|alte[rn]?|neue[rn]?|verstorbene[rn]?|\d+[- ]?jährige[rn]?)\s)*",
    "fr": r"(?:(?:chère?|cher|petite?|grande?|jeune|vieille|vieux|meilleure?|nouvelle|défunt|feu)\s)*",
    "es": r"(?:(?:querid[oa]|pequeñ[oa]|difunt[oa]|buen[oa]?|nuev[oa]|mejor|anciana?)\s)*",
    "it": r"(?:(?:car[oa]|piccol[oa]|grande|defunt[oa]|nuov[oa]|vecchi[oa]|migliore|adorat[oa]|anzian[oa])\s)*",
    "nl": r"(?:(?:lieve|kleine|grote|oudste|jongste|beste|nieuwe|oude|overleden|bejaarde)\s)*",
}
_AFTER_KIN = (
    r"(?:,? (?:aged \d+|\d+ (?:jahre|ans|años|anni|jaar)|de \d+ (?:ans|años)|di \d+ anni|van \d+(?: jaar)?|el|la"
    r"|il),?| in law)?"
)


def _kin(language: str, mine: str) -> str:
    return rf"(?:{mine})\s{_ADJECTIVES[language]}(?:{any_of(_KIN[language])}){_AFTER_KIN}"


FAMILY = "|".join(
    (
        _kin("en", "my|our"),
        _kin("de", "mein|meine|meinen|meinem|meiner|meines|unser|unsere|unseren|unserem|unserer|unserm|unsern"),
        _kin("fr", "mon|ma|mes|notre|nos"),
        _kin("es", "mi|mis|nuestro|nuestra|nuestros|nuestras"),
        _kin("it", r"(?:(?:il|i|le|la|al|alla|del|della|dal|dalla)\s)?(?:mio|mia|miei|mie|nostr[oaie])"),
        _kin("nl", "mijn|m'n|m’n|onze|ons"),
    )
)
"""Someone's relative, friend or neighbour."""

FAMILY_WORDS = frozenset(
    word for language in _KIN.values() for phrase in language.split() for word in phrase.replace("-", "_").split("_")
) - word_set("old in law one best other half boy girl little la mejor petit kleine")

KIN_WORDS = FAMILY_WORDS
"""Single words for relatives and friends in six languages."""

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
    "so very from aus vom von de del della van "
    "customers kunden kunde kundin clients client cliente clientes clienti klant klanten users user reader "
    "readers leser leserin leute freunde friends folks guys girls boys ladies "
    "gentlemen men people there everybody anybody nobody someone world santa claus father weihnachtsmann père "
    "noël papá noel reyes magos babbo natale sinterklaas sint kerstman "
    "hersteller fabricant fabricante produttore fabrikant manufacturer händler marchand negozio tienda magasin "
    "winkel boutique store company firma zusammen miteinander gemeinde "
    "monsieur lesern amis amie ami amigos amigo amigas amici amico vrienden mensen lezers lezer again wieder "
    "encore nuevo ancora weer evri yodel dpd inpost glovo amazonprime prime vine "
    "aldi lidl ikea rewe edeka dm rossmann fnac darty cdiscount boulanger decathlon carrefour leclerc auchan lidl "
    "elcorteinglés mercadona esselunga unieuro conad blokker hema action kruidvat "
    "argos tesco asda sainsbury sainsburys currys boots walmart costco target ikea bestbuy aliexpress temu shein "
    "alibaba wish vinted etsy "
    "apple android windows microsoft playstation xbox nintendo switch tesla ford bmw audi mercedes-benz "
    "volkswagen vw opel renault peugeot citroën fiat seat toyota honda nike adidas puma lego "
    "playmobil barbie disney marvel batman spiderman superman pokemon pikachu minecraft roblox hermione peppa pig "
    "nijntje groot legend ironman frozen paw patrol "
    "facetime skype zoom whatsapp netflix spotify youtube instagram facebook twitter tiktok garmin tomtom fitbit "
    "anker logitech canon nikon gopro jbl bose beats sonos marshall rowenta "
    "moulinex seb calor braun oral-b gillette nespresso senseo tassimo lavazza illy jura melitta karcher kärcher "
    "gardena stihl dewalt ryobi einhell vorwerk thermomix kenwood kitchenaid "
    "pampers nivea loreal l'oréal garnier dove oral-b tupperware tefal zwilling wmf fissler rösle "
    "american british english german french italian spanish dutch irish european african asian deutscher deutsche "
    "français française español española italiano italiana nederlander "
    "januar februar märz april mai juni juli august september oktober november dezember january february march "
    "may june july october december monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag ostern weihnachten noël navidad natale kerst "
    "pasqua pâques halloween easter "
    "sehr ein eine gruß grüße nein ja yes no non sì sí nee ok okay top super prima toll bien bon buena bueno "
    "buono bravo goed mooi gut great good best perfect perfekt parfait perfecto perfetto "
    "enttäuschter enttäuschte zufriedener zufriedene unzufriedener treue treuer déçu déçue satisfait satisfecho "
    "enfadado deluso delusa contento tevreden teleurgestelde ontevreden happy unhappy "
    "disappointed satisfied angry sad ihr ihre euer eure ihnen euch uns team mannschaft crew staff family familie "
    "famille familia famiglia mum mom dad mama papa oma opa mami papi "
    "sold bought received geliefert reçu recibido ricevuto ontvangen when if since because but weil wenn als ob "
    "car mais pero ma maar porque perché omdat how what which who where why "
    "everything nothing alles nichts todo nada tutto niente niets rien tout mille beaucoup muchas mucho tante "
    "vielen herzlichen lieben hearts god lord gott dio dieu dios "
    "vitale prepaid "
    "usb hdmi wlan wifi bluetooth led lcd pc tv dvd cd gps ios app apps"
)
"""Lower-case words that follow a thanks or a greeting and name no private person: shops, brands, carriers, pronouns."""
