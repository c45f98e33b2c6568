"""Events become rows: many entries folded in memory, then written with few statements.

One file per read model, all of one shape: `fold` an event, `write` what came of it. Whole entries
and the cursor go into one transaction, so a read model is always what replay computes at its
cursor (INV-12). Not for reading: that is `queries`.
"""
