"""The tables of the lake and of LanceDB, one Pandera model each.

The model is the only definition of a table: `arrow_schema` derives the Parquet and LanceDB schema from it, and
`reviewsum_assets.defs.schemas` derives Dagster's column schema and lineage. Data travels as Arrow; `validated`
checks a table against its model and returns it with exactly the model's columns, types and order.
"""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
import pyarrow
from pandera.typing import Series

EMBEDDING_DIMENSIONS = 512

String = Annotated[pd.ArrowDtype, pyarrow.string()]
Strings = Annotated[pd.ArrowDtype, pyarrow.list_(pyarrow.string())]
Int = Annotated[pd.ArrowDtype, pyarrow.int32()]
Float = Annotated[pd.ArrowDtype, pyarrow.float32()]
Bool = Annotated[pd.ArrowDtype, pyarrow.bool_()]
Timestamp = Annotated[pd.ArrowDtype, pyarrow.timestamp("us", tz="UTC")]
Binary = Annotated[pd.ArrowDtype, pyarrow.binary()]
Floats = Annotated[pd.ArrowDtype, pyarrow.list_(pyarrow.float32())]
VectorBytes = Annotated[pd.ArrowDtype, pyarrow.binary(4 * EMBEDDING_DIMENSIONS)]
Vector = Annotated[pd.ArrowDtype, pyarrow.list_(pyarrow.float32(), EMBEDDING_DIMENSIONS)]


class Table(pa.DataFrameModel):
    """Base of all tables: the columns of the model, no others."""

    class Config:
        strict = True


class RawReviews(Table):
    """`raw_reviews[day]`: every valid source row, text redacted, user and original text as keyed hashes."""

    review_id: Series[String] = pa.Field(unique=True, description="Key of the review in the source")
    product_id: Series[String] = pa.Field(description="Product reviewed")
    product_title: Series[String] = pa.Field(description="Title of the product as sold")
    source_category: Series[String] = pa.Field(description="Leaf category as the shop names it")
    user_key: Series[String] = pa.Field(description="Keyed hash of the user")
    star_rating: Series[Int] = pa.Field(ge=1, le=5, description="Stars, 1–5")
    review_text: Series[String] = pa.Field(description="Text as written, personal data redacted")
    text_hash: Series[String] = pa.Field(description="Keyed hash of the original text")
    redactions: Series[Strings] = pa.Field(description="Types of personal data redacted, one an occurrence")
    created_at: Series[Timestamp] = pa.Field(description="Time the review was written (UTC)")
    helpful_votes: Series[Int] = pa.Field(ge=0, nullable=True, description="Votes as helpful, if known")
    verified_purchase: Series[Bool] = pa.Field(nullable=True, description="Bought from the shop, if known")
    locale: Series[String] = pa.Field(nullable=True, description="Locale that the source states, if any")


class RejectedReviews(Table):
    """`rejected_reviews[day]`: rows that could not be taken, each with its reason; text redacted."""

    origin: Series[String] = pa.Field(description="Where the row came from: `source` or `file:line`")
    original_hash: Series[String] = pa.Field(description="Keyed hash of the row as received")
    review_id: Series[String] = pa.Field(nullable=True, description="Key of the review, if readable")
    product_id: Series[String] = pa.Field(nullable=True, description="Product, if readable")
    reason_code: Series[String] = pa.Field(description="Reason, for machines")
    reason: Series[String] = pa.Field(description="Reason, for people")
    raw_redacted: Series[String] = pa.Field(description="The row, personal data redacted, cut to 4,000 characters")


class ScreenedReviews(Table):
    """`screened_reviews[day]`: each review cleaned and judged by itself, with the signs by which it is compared to
    others. What the others decide (copies, bombing, the language of a short text, a person's decision) comes after."""

    review_id: Series[String] = pa.Field(unique=True, description="Key of the review")
    product_id: Series[String] = pa.Field(description="Product reviewed")
    source_category: Series[String] = pa.Field(description="Leaf category as the shop names it")
    user_key: Series[String] = pa.Field(description="Keyed hash of the user")
    star_rating: Series[Int] = pa.Field(ge=1, le=5, description="Stars, 1–5")
    created_at: Series[Timestamp] = pa.Field(description="Time the review was written (UTC)")
    helpful_votes: Series[Int] = pa.Field(ge=0, nullable=True, description="Votes as helpful, if known")
    verified_purchase: Series[Bool] = pa.Field(nullable=True, description="Bought from the shop, if known")
    text_hash: Series[String] = pa.Field(description="Keyed hash of the original text")
    screened_key: Series[String] = pa.Field(description="Hash of the raw text, its locale and redactions")
    cleaned_text: Series[String] = pa.Field(description="Text without markup, URLs, broken encodings, personal data")
    language: Series[String] = pa.Field(description="Language by the text alone, ISO 639-1, or `und`")
    language_confidence: Series[Float] = pa.Field(ge=0, le=1, description="Confidence of the language, 0–1")
    language_shares: Series[Floats] = pa.Field(
        nullable=True, description="Probability of each of the six languages, where the text leaves it open"
    )
    word_count: Series[Int] = pa.Field(ge=0, description="Words of the cleaned text")
    redaction_count: Series[Int] = pa.Field(ge=0, description="Places where personal data was redacted")
    toxicity_score: Series[Float] = pa.Field(
        ge=0, le=1, nullable=True, description="Highest probability of abuse of people in a chunk, 0–1"
    )
    own_reason: Series[String] = pa.Field(nullable=True, description="Why the review is set aside by itself, if it is")
    own_score: Series[Float] = pa.Field(nullable=True, description="Strength of that reason, 0–1")
    signature: Series[Binary] = pa.Field(
        nullable=True, description="MinHash of word trigrams, 128 × uint32; null where too short to be a copy"
    )
    sketch: Series[Binary] = pa.Field(
        nullable=True, description="Signs of the mean chunk vector, 512 bits; null where nothing was embedded"
    )


class CleanedReviews(Table):
    """`cleaned_reviews[day]`: text fit to read and count, with language, toxicity and, if set aside, the reason."""

    review_id: Series[String] = pa.Field(unique=True, description="Key of the review")
    product_id: Series[String] = pa.Field(description="Product reviewed")
    category: Series[String] = pa.Field(description="Department slug of the review's leaf category")
    source_category: Series[String] = pa.Field(description="Leaf category as the shop names it")
    user_key: Series[String] = pa.Field(description="Keyed hash of the user")
    star_rating: Series[Int] = pa.Field(ge=1, le=5, description="Stars, 1–5")
    cleaned_text: Series[String] = pa.Field(description="Text without markup, URLs, broken encodings, personal data")
    language: Series[String] = pa.Field(description="Language, ISO 639-1; `und` where it cannot be told")
    language_confidence: Series[Float] = pa.Field(ge=0, le=1, description="Confidence of the language, 0–1")
    created_at: Series[Timestamp] = pa.Field(description="Time the review was written (UTC)")
    helpful_votes: Series[Int] = pa.Field(ge=0, description="Votes as helpful; 0 where unknown")
    verified_purchase: Series[Bool] = pa.Field(description="Bought from the shop; false where unknown")
    word_count: Series[Int] = pa.Field(ge=0, description="Words of the cleaned text")
    redaction_count: Series[Int] = pa.Field(ge=0, description="Places where personal data was redacted")
    toxicity_score: Series[Float] = pa.Field(
        ge=0, le=1, nullable=True, description="Highest probability of abuse of people in a chunk, 0–1"
    )
    set_aside_reason: Series[String] = pa.Field(
        nullable=True, description="Why the review is kept but not counted; null: counted"
    )
    set_aside_score: Series[Float] = pa.Field(nullable=True, description="Strength of that reason, 0–1")
    set_aside_details: Series[String] = pa.Field(
        nullable=True, description="What the reason rests on, for machines: `copy_of:R12`, `burst:P7:2026-08-01`"
    )


class ChunkVectors(Table):
    """`chunk_vectors[day]`: the vectors that screening needed, in the order of its reviews, so that no sentence is
    embedded twice: later assets take them from here, and a day screened anew takes those of unchanged sentences."""

    review_id: Series[String] = pa.Field(description="Key of the review")
    position: Series[Int] = pa.Field(ge=0, description="Place of the chunk in its review")
    text_hash: Series[String] = pa.Field(description="SHA-256 of embedder name and chunk text")
    # As bytes: Parquet reads and writes them at ten times the speed of a list of floats.
    vector: Series[VectorBytes] = pa.Field(description="Unit vector of the chunk, 512 × float32, little-endian")


class EmbeddedReviews(Table):
    """`review_embeddings[day]`: what LanceDB holds of the day, review by review; its difference to the last run is
    the changed-products feed."""

    review_id: Series[String] = pa.Field(unique=True, description="Key of the review")
    product_id: Series[String] = pa.Field(description="Product reviewed")
    category: Series[String] = pa.Field(description="Department slug")
    chunks: Series[Int] = pa.Field(ge=0, description="Chunks of the review in LanceDB")
    content_hash: Series[String] = pa.Field(description="SHA-256 over the chunks and their metadata")


class ReviewChunks(Table):
    """LanceDB `review_chunks`: one sentence, split again at contrast, with its vector, opinions and review metadata."""

    chunk_id: Series[String] = pa.Field(unique=True, description="SHA-256 of review, offsets and text, 32 hex digits")
    review_id: Series[String] = pa.Field(description="Key of the review")
    product_id: Series[String] = pa.Field(description="Product reviewed")
    category: Series[String] = pa.Field(description="Department slug")
    user_key: Series[String] = pa.Field(description="Keyed hash of the user")
    day: Series[String] = pa.Field(description="Partition of the review, YYYY-MM-DD")
    created_at: Series[Timestamp] = pa.Field(description="Time the review was written (UTC)")
    language: Series[String] = pa.Field(description="Language, ISO 639-1")
    star_rating: Series[Int] = pa.Field(ge=1, le=5, description="Stars, 1–5")
    helpful_votes: Series[Int] = pa.Field(ge=0, description="Votes as helpful")
    verified_purchase: Series[Bool] = pa.Field(description="Bought from the shop")
    set_aside_reason: Series[String] = pa.Field(nullable=True, description="Why the review is not counted")
    position: Series[Int] = pa.Field(ge=0, description="Place of the chunk in its review")
    start: Series[Int] = pa.Field(ge=0, description="First code point in the cleaned text")
    end: Series[Int] = pa.Field(ge=0, description="Code point after the last")
    text: Series[String] = pa.Field(description="The chunk: cleaned_text[start:end]")
    quotable: Series[Bool] = pa.Field(description="Long and clean enough to be shown as a quote")
    aspects: Series[Strings] = pa.Field(description="Aspects of the taxonomy that the chunk speaks of")
    polarity: Series[String] = pa.Field(isin=["positive", "negative", "neutral"], description="Polarity of the chunk")
    polarity_score: Series[Float] = pa.Field(ge=0, le=1, description="Probability that the chunk is positive")
    models: Series[String] = pa.Field(description="Versions of embedder, taxonomy and polarity head")
    vector: Series[Vector] = pa.Field(description="Unit vector of the text")


class ProductCatalog(Table):
    """`product_catalog`: the latest row per product, with its department."""

    product_id: Series[String] = pa.Field(unique=True, description="Key of the product")
    product_title: Series[String] = pa.Field(description="Latest title")
    source_category: Series[String] = pa.Field(description="Latest leaf category")
    category: Series[String] = pa.Field(description="Department slug: the partition of the product")
    adapter_group: Series[String] = pa.Field(description="Adapter that writes for the department")
    variant_of: Series[String] = pa.Field(nullable=True, description="Product that this one is a variant of")
    merged_into: Series[String] = pa.Field(nullable=True, description="Product that this one was merged into")
    last_review_at: Series[Timestamp] = pa.Field(description="Time of the newest review")
    raw_reviews: Series[Int] = pa.Field(ge=0, description="Rows of the product in raw_reviews")


class ProductOpinions(Table):
    """`product_opinions[category]`: one row per product, aspect and polarity; aspect `overall` is there for every
    product in all three polarities, read from the stars."""

    product_id: Series[String] = pa.Field(description="Key of the product")
    category: Series[String] = pa.Field(description="Department slug")
    aspect: Series[String] = pa.Field(description="Aspect of the taxonomy, `topic:<term>` if discovered, or `overall`")
    polarity: Series[String] = pa.Field(isin=["positive", "negative", "mixed"], description="Polarity")
    support: Series[Int] = pa.Field(ge=0, description="Distinct reviews, one per user and product")
    share: Series[Float] = pa.Field(ge=0, le=1, description="support / review_count")
    review_count: Series[Int] = pa.Field(ge=0, description="Reviews of the product that enter counting")
    set_aside: Series[String] = pa.Field(description="Reviews kept but not counted: JSON of reason to count")
    helpful_votes: Series[Int] = pa.Field(ge=0, description="Helpful votes of the supporting reviews")
    verified_share: Series[Float] = pa.Field(ge=0, le=1, description="Share of verified purchases among them")
    latest_at: Series[Timestamp] = pa.Field(nullable=True, description="Newest supporting review")
    as_of: Series[Timestamp] = pa.Field(nullable=True, description="Newest counted review of the product")
    review_ids: Series[Strings] = pa.Field(description="The supporting reviews, sorted")


class DiscoveredTopics(Table):
    """`discovered_topics[category]`: frequent topics that no aspect of the taxonomy covers."""

    category: Series[String] = pa.Field(description="Department slug")
    term: Series[String] = pa.Field(description="The topic, in the language that speaks of it most")
    language_terms: Series[Strings] = pa.Field(description="Its terms by language, `de:Geruch`")
    support: Series[Int] = pa.Field(ge=0, description="Distinct reviews that speak of it")


class ProductSummaries(Table):
    """`product_summaries[category]`: the current record of each product, locale and variant."""

    product_id: Series[String] = pa.Field(description="Key of the product")
    locale: Series[String] = pa.Field(description="Locale of the record")
    variant: Series[String] = pa.Field(description="`champion` or `challenger`")
    status: Series[String] = pa.Field(isin=["published", "withheld"], description="Status of the record")
    fingerprint: Series[String] = pa.Field(description="SHA-256 over all that decides the words")
    review_count: Series[Int] = pa.Field(ge=0, description="Reviews counted")
    inputs: Series[String] = pa.Field(
        description="SHA-256 over the opinions and settings that the record was made from"
    )
    record: Series[String] = pa.Field(description="The summary record as JSON")


class CachedSummaries(Table):
    """`cached_summaries[category]`: what the cache was last told, key by key."""

    product_id: Series[String] = pa.Field(description="Key of the product")
    locale: Series[String] = pa.Field(description="Locale of the record")
    variant: Series[String] = pa.Field(description="`champion` or `challenger`")
    status: Series[String] = pa.Field(isin=["published", "withheld"], description="Status of the record")
    record_hash: Series[String] = pa.Field(description="SHA-256 of the record's JSON")


def arrow_schema(table: type[Table]) -> pyarrow.Schema:
    """The Arrow schema of a table: names, types and nullability as its Pandera model has them."""
    columns = table.to_schema().columns
    return pyarrow.schema(
        [pyarrow.field(name, column.dtype.type.pyarrow_dtype, column.nullable) for name, column in columns.items()]
    )


def is_vector(kind: pyarrow.DataType) -> bool:
    """Whether a column's type is that of vectors, in either form."""
    return bool(pyarrow.types.is_fixed_size_list(kind) or pyarrow.types.is_fixed_size_binary(kind))


def validated(data: pyarrow.Table, table: type[Table]) -> pyarrow.Table:
    """`data` cast to the table's schema, after its Pandera model has checked every row.

    Raises:
        pandera.errors.SchemaErrors: with every failing column and example values.
        pyarrow.ArrowInvalid: if a value does not fit its column's type.
    """
    schema = arrow_schema(table)
    cast = data.select(schema.names).cast(schema)
    checked = [field.name for field in schema if not is_vector(field.type)]
    model = table.to_schema().select_columns(checked)
    model.validate(cast.select(checked).to_pandas(types_mapper=pd.ArrowDtype), lazy=True)
    return cast
