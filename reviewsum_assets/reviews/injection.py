"""Attempts to steer a language model through a review, in six languages: `ignore all previous instructions` and kin."""

from __future__ import annotations

import re

_PRIOR = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|vorherigen?|vorigen?|bisherigen?|obigen?|vorangegangenen?"
    r"|précédentes?|antérieures?|ci-dessus|anteriores|previas|precedenti|anteriori|eerdere|vorige|voorgaande"
    r"|bovenstaande)"
)
_INSTRUCTION = (
    r"(?:instructions?|prompts?|directions|directives?|commands?|guidelines|rules|context|anweisungen|instruktionen"
    r"|befehle|vorgaben|regeln|consignes?|règles|instrucciones|indicaciones|reglas|órdenes|istruzioni|indicazioni"
    r"|regole"
    r"|comandi|instructies|aanwijzingen|opdrachten|regels)"
)
_IGNORE = (
    r"(?:ignore|disregard|forget|override|bypass|ignorier(?:e|en sie|t)?|vergiss|vergesst|vergessen sie|missachte"
    r"|überschreibe|ignor(?:e[zr]|es|a|ad|en|are|i|ate|eer)|oublie[rz]?|oubliez|olvid[ae]n?|dimentica(?:te|re)?"
    r"|vergeet|negeer)"
)
_MACHINE = (
    r"(?:a\.?i\.?|k\.?i\.?|i\.?a\.?|llm|chat ?gpt|gpt(?:-\d)?|language model|sprachmodell|modèle de (?:langue"
    r"|langage)"
    r"|modelo de lenguaje|modello linguistico|taalmodel|assistant|assistent|assistente|asistente|chatbot"
    r"|summari[sz]er|bot)"
)


def _gate(words: str) -> frozenset[str]:
    return frozenset(words.split())


_IGNORE_WORDS = _gate(
    "ignore disregard forget override bypass ignoriere ignorieren ignoriert vergiss vergesst vergessen missachte"
    " überschreibe ignorez ignorer ignores ignora ignorad ignoren ignorare ignori ignorate ignoreer oublie oubliez"
    " oublier olvida olvide olvidan olviden dimentica dimenticate dimenticare vergeet negeer"
)
_ROLE_WORDS = _gate("system assistant developer")
_PROMPT_WORDS = _gate("prompt systemprompt systeemprompt")
_MACHINE_WORDS = _gate(
    "ai a ki k ia i llm chatgpt gpt chat language sprachmodell modèle modelo modello taalmodel assistant assistent"
    " assistente asistente chatbot summarizer summariser bot dan developer unrestricted artificial künstliche"
) - {"a", "k", "i"}
_SUMMARY_WORDS = _gate(
    "summarize summarise summarizing summarising summarizes summarises zusammenfasst zusammenfassen résume résumes"
    " résumez résumer resumes resuma resumen resumir riassumi riassume riassumete riassumere samenvat"
)
_ANSWER_WORDS = _gate(
    "summary output response answer zusammenfassung antwort résumé réponse resumen respuesta riassunto risposta"
    " samenvatting antwoord"
)
_SECRET_WORDS = _gate(
    "prompt instructions anweisungen instrucciones istruzioni instructies api secret secrets configuration"
)
_WORD = re.compile(r"[^\W\d_]+")
_SPECIAL = re.compile(r"[<\[{|]|BEGIN")

_PATTERNS: tuple[tuple[frozenset[str] | None, re.Pattern[str]], ...] = tuple(
    (needed, re.compile(pattern, re.IGNORECASE))
    for needed, pattern in (
        (
            _IGNORE_WORDS,
            rf"\b{_IGNORE}\b[^.!?\n]{{0,40}}\b{_PRIOR}\b[^.!?\n]{{0,25}}\b{_INSTRUCTION}\b",
        ),
        (
            _IGNORE_WORDS,
            rf"\b{_IGNORE}\b[^.!?\n]{{0,40}}\b{_INSTRUCTION}\b[^.!?\n]{{0,25}}\b{_PRIOR}\b",
        ),
        (
            _IGNORE_WORDS,
            rf"\b{_IGNORE}\b (?:all|alle|toutes|todas|tutte|any|every|your|deine|ihre|tes|vos|tus|sus|le tue|je"
            rf"|uw)\b[^.!?\n]{{0,25}}"
            rf"\b{_INSTRUCTION}\b",
        ),
        (
            _IGNORE_WORDS,
            rf"\b{_IGNORE}\b[^.!?\n]{{0,30}}\b(?:everything|all(?:es)?|tout|todo"
            rf"|tutto)\b[^.!?\n]{{0,30}}\b(?:above|before|said|told"
            r"|oben|vorher|zuvor|bisher|ci-dessus|avant|arriba|anterior|sopra|prima|hierboven|daarvoor|hiervoor)\b",
        ),
        (
            None,
            r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|?>?|\[/?INST\]|<</?SYS>>"
            r"|</?(?:system|assistant|instructions?|prompt)>|\bBEGIN (?:SYSTEM )?PROMPT\b",
        ),
        (
            _ROLE_WORDS,
            r"(?:^|\n|[^\w\s,]\s+(?-i:(?=[A-Z]{6})))\s*(?:#{1,4}\s*)?(?:system|assistant|developer)\s*(?:prompt|message|instruction|override"
            r"|note)?\s*(?::|\]\s*:?)\s*\S",
        ),
        (
            _PROMPT_WORDS,
            r"\b(?:system[- ]?prompt|systemprompt|prompt système|prompt del sistema|prompt di sistema"
            r"|systeemprompt)\b",
        ),
        (
            _MACHINE_WORDS,
            rf"\b(?:you are now|du bist (?:jetzt|nun|ab sofort)|sie sind (?:jetzt|nun)|tu es (?:maintenant"
            rf"|désormais)|vous êtes (?:maintenant"
            rf"|désormais)|ahora eres|eres ahora|ora sei|sei ora|adesso sei|je bent nu|vanaf nu ben"
            rf" je)\b[^.!?\n]{{0,40}}\b(?:{_MACHINE}|dan"
            rf"|in developer mode|unrestricted)\b",
        ),
        (
            _MACHINE_WORDS,
            r"\b(?:attention|note|hinweis|remarque|nota|atención|attenzione|message|instructions?|to|an|à|para|per|aan|voor)\s+"
            r"(?:(?:to|for|für|an|à|a|para|per|aan|voor|all|the|die|den|la|el|il|de)\s+|l['’]){0,3}"
            r"(?:a\.?i\.?|k\.?i\.?|i\.?a\.?|llms?|chat ?gpt|gpt(?:-\d)?|language model|sprachmodell|taalmodel|chatbot"
            r"|modèle de lang\w+|modelo de lenguaje|modello linguistico|summari[sz]er)\b[^.!?\n]{0,60}:",
        ),
        (
            _MACHINE_WORDS,
            r"\b(?:as|als|en tant qu['’]|como|come) (?:an? |eine? |une? |un |una |een )?(?:ai|ki|ia|artificial"
            r" intelligence|künstliche intelligenz)"
            r"(?: language)?[- ]?(?:model|modell|modèle|modelo|modello|sprachmodell|assistant"
            r"|assistent)\b[^.!?\n]{0,40}"
            r"\b(?:must|should|will|you|musst|sollst|dois|devez|debes|devi|moet)\b",
        ),
        (
            _SUMMARY_WORDS,
            r"\b(?:when|if|wenn|falls|quand|si|lorsque|cuando|quando|se|als"
            r"|wanneer)\b[^.!?\n]{0,25}\b(?:summari[sz](?:e|ing|es)|zusammenfasst"
            r"|zusammenfassen|résume[sz]?|résumer|resum(?:es|a|en|ir)|riassum(?:i|e|ete|ere)"
            r"|samenvat)\b[^.!?\n]{0,60}\b(?:say|write|state|mention"
            r"|include|only|never|always|schreib|sag|nenn|erwähne|dis|dites|écris|écrivez|mentionne[zr]?|di\b"
            r"|escribe|menciona|scrivi|zeg|schrijf"
            r"|vermeld|noem)",
        ),
        (
            _ANSWER_WORDS,
            r"\b(?:write|say|state|output|respond|reply|answer|report|tell|print|generate|schreibe?|sag|antworte"
            r"|gib|erstelle|behaupte|écris"
            r"|écrivez|réponds|répondez|affirme[zr]?|génère|escribe|responde|genera|afirma|scrivi|rispondi|genera"
            r"|afferma|schrijf|antwoord"
            r"|zeg|genereer)\b[^.!?\n]{0,50}\b(?:in (?:the|your) (?:summary|output|response|answer)|in (?:der"
            r"|deiner|die) (?:zusammenfassung|antwort)"
            r"|dans (?:le|ton|votre) (?:résumé|réponse)|en (?:el|tu|su) (?:resumen|respuesta)|nel(?:la)? (?:tuo "
            r"|tua )?(?:riassunto|risposta)"
            r"|in (?:de|je|uw) (?:samenvatting|antwoord))\b",
        ),
        (
            _SECRET_WORDS,
            r"\b(?:reveal|print|show|output|repeat|gib|zeige|verrate|révèle|affiche|revela|muestra|rivela|mostra"
            r"|toon|onthul)\b[^.!?\n]{0,20}"
            r"\b(?:your|deine?n?|ihre?n?|ton|tes|votre|vos|tus?|sus?|tu[oe]i?|je|jouw"
            r"|uw)\b[^.!?\n]{0,15}\b(?:prompt|instructions|anweisungen"
            r"|instrucciones|istruzioni|instructies|api key|secrets?|configuration)\b",
        ),
    )
)
"""Each with the words of which a text must have one to be looked at; None: it must have a bracket."""


def injection_score(raw_text: str, cleaned_text: str) -> float:
    """Strength of an attempt to steer a language model: 0 none, 0.9 one sign, 1 several.

    Both texts are read: markup that cleaning takes out may hide one, and markup may hide from the patterns.
    """
    text = raw_text if raw_text == cleaned_text else f"{raw_text}\n{cleaned_text}"
    words = frozenset(_WORD.findall(text.lower()))
    hits = 0
    for needed, pattern in _PATTERNS:
        if needed is None:
            if not _SPECIAL.search(text):
                continue
        elif needed.isdisjoint(words):
            continue
        hits += pattern.search(text) is not None
    return min(1.0, 0.8 + 0.1 * hits) if hits else 0.0
