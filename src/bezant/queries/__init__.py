"""Typed reads of the read models: ticks, lots, units and nanoseconds as integers.

Each function takes an asyncpg connection or pool. What is read is as new as the projector's cursor
(`cursor.projected_seq`); what must be exact is asked of the core instead.
"""
