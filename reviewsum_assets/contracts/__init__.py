"""Tables and records: the one place where a column or a field is named."""
