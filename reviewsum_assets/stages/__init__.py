"""One partition of one asset: read, call the logic, write, report. Plain Python over the resources, no Dagster.

The assets call these for each partition, `reviewsum refresh` shows their progress, and `make bench` measures them
with and without Dagster around them.
"""
