"""The sequencer: the single writer that puts commands in order, stamps and applies them."""
