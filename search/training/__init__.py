"""Makes the encoder that is shipped in ``search/model``; nothing here is needed to use it.

    python -m fiscalgraph.search.training --data DIR [--out search/model]

The steps: the official register is split into words (:mod:`.corpus`), words get
vectors from the company they keep (:mod:`.pretrain`), sentences that state one
issue in several ways pull the vectors of their words together (:mod:`.contrast`),
and the result is written as a sentence-transformers folder (:mod:`.export`).
Needs the packages of the ``training`` extra (jieba, scipy, scikit-learn, torch).
"""
