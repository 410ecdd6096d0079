"""The combined query without ours: a SPARQL endpoint and a FAISS script that a user would write.

``Script`` compares the vectors of the same model; where its rows come from is a function that asks SPARQL:
over HTTP from rdflib-endpoint, or from the engine itself in the same process, without any server.

Its answers are the nearest vectors. Ours also count the words, so the two lists need not be equal; that each
of them holds ten projects which satisfy the conditions is checked.

Run by itself (in the Python that has rdflib-endpoint) this file is that endpoint: ``api_by_hand.py STORE``.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, str]
Asked = Callable[[str], list[Row]]
"""Answers a SPARQL query with rows by the names of their variables."""

TEN = 10
PATIENCE = 120  # seconds, for one answer of the other endpoint
_FIRST_LOOK = 100  # passages nearest to the text; four times as many each time too few satisfy the rest


class Script:
    """FAISS over the vectors of the passages in ``index``, and SPARQL for all else."""

    def __init__(self, index: Path, asked: Asked) -> None:
        import faiss
        import numpy as np

        from fiscalgraph.search.encoder import load_encoder

        self._encoder: Any = load_encoder()
        self._asked = asked
        vectors = np.load(index / "vectors.npy")[np.load(index / "place_text.npy")]
        self._nearest: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._nearest.add(np.ascontiguousarray(vectors, dtype=np.float32))
        self._passages = (index / "ids.txt").read_text(encoding="utf-8").split("\n")
        self._numbers = {passage: number for number, passage in enumerate(self._passages)}
        self._among: Any = faiss.SearchParameters  # takes sel=, which its stub does not know
        self._selected = faiss.IDSelectorBatch

    def graph_first(self, text: str, candidates: str) -> list[Row]:
        """All projects that satisfy the conditions, then the nearest of their passages."""
        import numpy as np

        by_number = {self._numbers[row["passage"]]: row for row in self._asked(candidates)}
        allowed = self._selected(np.array(sorted(by_number), dtype=np.int64))
        options = self._among(sel=allowed)
        score, found = self._nearest.search(self._vector(text), TEN, params=options)
        pairs = zip(score[0].tolist(), found[0].tolist(), strict=True)
        return [{**by_number[number], "score": f"{near:.6f}"} for near, number in pairs if number >= 0]

    def vectors_first(self, text: str, among: str) -> list[Row]:
        """The nearest passages, more and more of them until ten satisfy the conditions.

        ``among`` holds the word PASSAGES where they are to be put.
        """
        look = _FIRST_LOOK
        while True:
            look = min(look, len(self._passages))
            score, found = self._nearest.search(self._vector(text), look)
            near = dict(zip((self._passages[number] for number in found[0]), score[0].tolist(), strict=True))
            rows = self._asked(among.replace("PASSAGES", " ".join(f"<{passage}>" for passage in near)))
            if len(rows) >= TEN or look == len(self._passages):
                rows.sort(key=lambda row: -near[row["passage"]])
                return [{**row, "score": f"{near[row['passage']]:.6f}"} for row in rows[:TEN]]
            look *= 4

    def _vector(self, text: str) -> Any:
        return self._encoder.encode_queries([text])


def over_http(host: str, port: int, path: str = "/") -> Asked:
    """Asks an endpoint for JSON, over one connection."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)

    def asked(query: str) -> list[Row]:
        headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
        try:
            connection.request("POST", path, body=query.encode(), headers=headers)
            response = connection.getresponse()
        except ConnectionError:  # servers close what was idle for long
            connection.close()
            connection.request("POST", path, body=query.encode(), headers=headers)
            response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {body[:300]!r}")
        bindings = json.loads(body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    return asked


def in_process(store: Path) -> Asked:
    """Asks the engine itself."""
    from pyoxigraph import Store

    graph = Store.read_only(str(store))

    def asked(query: str) -> list[Row]:
        found: Any = graph.query(query, use_default_graph_as_union=True)
        names = [variable.value for variable in found.variables]
        return [{name: term.value for name, term in zip(names, row, strict=True) if term} for row in found]

    return asked


@contextmanager
def rdflib_endpoint(python: str, store: Path) -> Iterator[tuple[str, int]]:
    """rdflib-endpoint over a read-only view of the store; host and port."""
    from api_server import started

    command = [python, __file__, str(store)]
    with started(command, r"listening on (http://\S+)", dict(os.environ), wait_for="/docs") as server:
        yield server.host, server.port


def main() -> None:
    """Serve the store in the folder named by the argument with rdflib-endpoint, on any free port."""
    import uvicorn
    from oxrdflib import OxigraphStore  # type: ignore[import-not-found]
    from pyoxigraph import Store
    from rdflib import Dataset
    from rdflib_endpoint import SparqlEndpoint  # type: ignore[import-not-found]

    graph = Dataset(store=OxigraphStore(store=Store.read_only(sys.argv[1])), default_union=True)
    app = SparqlEndpoint(graph=graph)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}/", file=sys.stderr, flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    main()
