"""Column schema and lineage of each asset for Dagster, from the Pandera model that is its contract."""

from __future__ import annotations

import dagster as dg

from reviewsum_assets.contracts.lineage import TABLES, column_sources
from reviewsum_assets.contracts.tables import arrow_schema


def column_schema(asset: str) -> dg.TableSchema:
    """The table's columns with Arrow types, descriptions and nullability."""
    columns = TABLES[asset].to_schema().columns
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=field.name,
                type=str(field.type),
                description=columns[field.name].description,
                constraints=dg.TableColumnConstraints(nullable=field.nullable, unique=bool(columns[field.name].unique)),
            )
            for field in arrow_schema(TABLES[asset])
        ]
    )


def column_lineage(asset: str) -> dg.TableColumnLineage:
    """Which upstream columns each column is made from."""
    return dg.TableColumnLineage(
        deps_by_column={
            column: [dg.TableColumnDep(asset_key=dg.AssetKey(upstream), column_name=name) for upstream, name in sources]
            for column, sources in column_sources(asset).items()
        }
    )
