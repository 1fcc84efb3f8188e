"""Aspects, polarity and counts against people's labels: `python -m reviewsum_tests.bench.hu_liu --data DIR`.

The data are the customer reviews of five products that Hu & Liu labelled (Mining and Summarizing Customer Reviews,
KDD 2004; CC BY 4.0): each sentence with the features it judges and how (`battery[-2]`). Their features are free words,
so a table here maps them to the taxonomy; features that it does not know (`disc format`) are left out, and so are the
aspects predicted in sentences with such a feature, which are neither right nor wrong.

Prints one JSON object. Nothing of the data is kept.
"""

from __future__ import annotations

import argparse
import re
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from reviewsum_assets.opinions.aspects import AspectMatcher
from reviewsum_assets.opinions.evaluation import CountError, Scores, accuracy, count_error, set_scores
from reviewsum_assets.opinions.polarity import PolarityHead
from reviewsum_assets.opinions.taxonomy import load_taxonomy
from reviewsum_assets.resources.embedder import Usem3Embedder

ARCHIVE = "product_reviews_1.zip"

FEATURES: Mapping[str, str] = {
    "battery": (
        "battery|battery life|battery charging system|recharger|replacement battery|rechargable battery"
        "|usb recharge|battery top|power supply"
    ),
    "sound": (
        "sound|sound quality|audio|speakerphone|speaker phone|speaker|volume|sound volume|volume range|earpiece"
        "|ringtone|ring tone|ringing tone|ringer|ring|tone|voice|voice quality|call|music|headphone|earphone"
        "|earbud|eax|eax mode|equalizer|equilizer|sound setting|sound option|playback quality"
        "|signal to noise ratio|loud phone|default ringtone|headset|enviromental audio"
    ),
    "screen": ("screen|display|lcd|color screen|viewfinder|backlight|external display|resolution|onscreen display"),
    "camera": (
        "picture|picture quality|photo|photo quality|image|image quality|optical zoom|zoom|digital zoom|lens"
        "|lense|flash|macro|macro mode|focus|autofocus|auto focus|auto-focus assist light|low light focus"
        "|indoor shot|indoor picture|indoor image|shot|video quality|picture clarity|flash photo|zoomed image"
        "|redeye|movie mode|optic|closeup mode|close-up shooting|continuous shot mode|white balance|night mode"
        "|exposure control|scene mode|grain|distortion|white offset|light auto correction"
    ),
    "connectivity": (
        "transfer|reception|signal|signal quality|sync|usb 2.0|firewire|infrared|bluetooth|gprs|network"
        "|file transfer|t-mobile reception|pc sync|pc cable|high speed internet|internet|transfter|s-video|output"
        "|video output|headphone jack|headset jack|line out jack|uploading|image download"
    ),
    "software": (
        "software|interface|user interface|menu|menue|firmware|application|program|mediasource|nomad explorer"
        "|explorer|notmad|notmad software|musicmatch software|navigation|navigational system|menu options"
        "|menu option|system error|pc suite"
    ),
    "performance": (
        "play|speed|delay|lag|lag time|freeze|freezing|freeze up|lock up|performance|phone performance|work|run"
        "|wake up|unresponsiveness|stoppage|loading|load|read|recognize|recognition|power output|motor|no disc"
    ),
    "features": (
        "feature|function|option|voice dialing|game|radio|fm|fm radio|fm receiver|auto mode|manual mode"
        "|manual function|auto setting|bookmark|alarm|clock|calendar|voice recording|play mode|metering option"
        "|spot metering|equipment|accessory|wallpaper|screensaver|screen saver|play option|sunset feature"
    ),
    "controls": (
        "control|button|remote|remote control|scroll|scroll wheel|wheel|jog dial|keypad|key|dial|on/off button"
        "|navigation wheel|fly wheel|flywheel|universal remote control|remote button|remote layout|i/p button"
        "|panel button layout|click buttons|stop button|volume key|volume control|switch|flip switch"
        "|no-off button|menu dial knob|zooming lever|lever|key lock|panel|darn diopter adjustment dial"
    ),
    "capacity": "storage|storage capacity|capacity|memory|memory card|hard drive|8mb|8mb card|compactflash",
    "noise": "noise",
    "heat": "heat",
    "weight": "weight",
    "quality": "quality|construction|build|build quality|made|casing|body",
    "durability": "durability|reliability|break|sturdy",
    "design": ("design|look|looking|style|appearance|color|finish|shape|face plate|pop-up face|front cover|layout"),
    "comfort": "feel|ergonomics",
    "ease_of_use": (
        "use|ease of use|usage|operate|set up|setup|installation|learning|learning curve|learn|plug and play"
    ),
    "price": "price|value|deal|affordability|bang-for-the-buck",
    "size": "size|depth",
    "delivery": "shipping",
    "customer_service": (
        "customer service|support|customer support|technical support|tech support|warranty|service"
        "|on-line support|customer support website|online help|nikon support|servicing|customer rep|csr"
        "|at&t customer service|sprint customer service|t-mobile service"
    ),
    "instructions": "manual|instruction|direction",
}
"""Taxonomy aspect → the labellers' features, `|` between them."""

PRODUCT_WORDS = (
    "player|camera|phone|dvd player|product|apex|dvd|unit|g3|nomad|zen|nokia|canon|nikon|this thing|mp3 player"
    "|creative|zen xtra|xtra|machine|thing|things|this|this item|the unit|digital camera|canon g3"
    "|canon powershot g3|nikon 4300|4mp camera|progressive scan player|wireless telephone|ad-1600|ad-1220"
    "|creative product|canera|amazon|player hardware|zx"
)
"""Features that are the product itself: judged for polarity, no aspect of the taxonomy."""

_PRODUCT = frozenset(PRODUCT_WORDS.split("|"))
_ASPECT_OF = {feature: aspect for aspect, features in FEATURES.items() for feature in features.split("|")}
_LABEL = re.compile(r"([^,\[\]]+?)\s*\[([+-])\d?\]")


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence with its labels."""

    product: str
    review: int
    text: str
    opinions: frozenset[tuple[str, str]]
    """(aspect, polarity) of the features that the table maps."""
    polarity: str | None
    """The polarity that all labels agree on; None without labels or where they differ."""
    labelled: bool
    unmapped: bool
    """Whether it judges a feature that the table does not map: its aspects are left out."""


def read_sentences(archive: Path) -> list[LabelledSentence]:
    """The labelled sentences of the archive, in its order.

    Raises:
        FileNotFoundError: if there is no archive there.
    """
    if not archive.is_file():
        raise FileNotFoundError(f"no {archive.name} in {archive.parent}: name the folder that holds it with --data")
    sentences = []
    with zipfile.ZipFile(archive) as files:
        for name in sorted(files.namelist()):
            if not name.endswith(".txt") or "README" in name:
                continue
            review = 0
            for line in files.read(name).decode("latin-1").splitlines():
                if line.startswith("[t]"):
                    review += 1
                elif "##" in line and not line.startswith("*"):
                    labels, text = line.split("##", 1)
                    if text.strip():
                        sentences.append(_labelled(Path(name).stem, review, labels, text.strip()))
    return sentences


def _labelled(product: str, review: int, labels: str, text: str) -> LabelledSentence:
    judged = [
        (feature.strip().lower(), "positive" if sign == "+" else "negative") for feature, sign in _LABEL.findall(labels)
    ]
    polarities = {polarity for _, polarity in judged}
    return LabelledSentence(
        product=product,
        review=review,
        text=text,
        opinions=frozenset((_ASPECT_OF[feature], polarity) for feature, polarity in judged if feature in _ASPECT_OF),
        polarity=polarities.pop() if len(polarities) == 1 else None,
        labelled=bool(judged),
        unmapped=any(feature not in _ASPECT_OF and feature not in _PRODUCT for feature, _ in judged),
    )


@dataclass(frozen=True)
class Report:
    """The figures; F1 over (sentence, aspect) pairs."""

    sentences: int
    aspects_where_judged: Scores
    """Aspects in the sentences that carry a label."""
    opinions: Scores
    """(aspect, polarity) over all sentences: a sentence found neutral claims nothing."""
    polarity_accuracy: float
    """Positive or negative, in the sentences whose labels agree."""
    polarity_macro_f1: float
    polarity_accuracy_confident: float
    """The same in those not found neutral."""
    polarity_confident_share: float
    neutral_precision: float
    """Share of the sentences found neutral that carry no label."""
    counts: CountError
    """Reviews by product, aspect and polarity: counted against labelled."""


def evaluate(sentences: list[LabelledSentence], matcher: AspectMatcher, head: PolarityHead) -> Report:
    """Match and judge every sentence alone (the data have no stars) and compare."""
    texts = [sentence.text for sentence in sentences]
    n = len(texts)
    vectors = Usem3Embedder(threads=2, batch_size=256).embed(texts)
    found = matcher.match(texts, vectors, ["electronics"] * n, ["en"] * n)
    probabilities = head.positive_probability(vectors, texts=texts, languages=["en"] * n)
    polarity = head.polarity(probabilities)

    judged = [i for i, s in enumerate(sentences) if s.labelled and not s.unmapped]
    whole = [i for i, s in enumerate(sentences) if not s.unmapped]
    predicted = [
        {(match.aspect, polarity[i]) for match in found[i]} if polarity[i] != "neutral" else set() for i in range(n)
    ]
    agreed = [i for i, s in enumerate(sentences) if s.polarity]
    gold = np.array([sentences[i].polarity == "positive" for i in agreed])
    said = np.array([probabilities[i] >= 0.5 for i in agreed])
    confident = np.array([polarity[i] != "neutral" for i in agreed])
    neutral = [i for i in range(n) if polarity[i] == "neutral"]
    return Report(
        sentences=n,
        aspects_where_judged=set_scores(
            [{aspect for aspect, _ in sentences[i].opinions} for i in judged],
            [{match.aspect for match in found[i]} for i in judged],
        ),
        opinions=set_scores([sentences[i].opinions for i in whole], [predicted[i] for i in whole]),
        polarity_accuracy=accuracy(gold, said),
        polarity_macro_f1=float(np.mean([_f1(gold, said), _f1(~gold, ~said)])),
        polarity_accuracy_confident=accuracy(gold[confident], said[confident]),
        polarity_confident_share=float(confident.mean()),
        neutral_precision=float(np.mean([not sentences[i].labelled for i in neutral])) if neutral else 0.0,
        counts=count_error(
            (
                (s.product, f"{s.product}/{s.review}", a, p)
                for i in whole
                for s in [sentences[i]]
                for a, p in s.opinions
            ),
            (
                (s.product, f"{s.product}/{s.review}", a, p)
                for i in whole
                for s in [sentences[i]]
                for a, p in predicted[i]
            ),
        ),
    )


def _f1(gold: np.ndarray, said: np.ndarray) -> float:
    return 2 * float((gold & said).sum()) / max(1, int(gold.sum() + said.sum()))


def main() -> int:
    """Print the report as JSON; 1 and one line on stderr where the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help=f"folder that holds {ARCHIVE}")
    folder = parser.parse_args().data
    try:
        sentences = read_sentences(folder / ARCHIVE)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    embedder = Usem3Embedder(threads=2, batch_size=256)
    report = evaluate(sentences, AspectMatcher(load_taxonomy(), embedder.embed), PolarityHead.load())
    print(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
