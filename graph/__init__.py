"""Records become a graph: mapping, checks, generations of the store, safe SPARQL (:mod:`.sparql`).

Nothing is imported here: who reads a generation (:mod:`.store`) needs nothing of what makes one.
"""
