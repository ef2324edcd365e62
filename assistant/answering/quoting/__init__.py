"""Which sentences are quoted, how sure that is, and which words of them answer."""
