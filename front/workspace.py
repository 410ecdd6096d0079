"""The workspace: documents go in, answers come out.

On disk, below the home folder: ``generations/`` and ``current`` (see :mod:`fiscalgraph.graph.store`; each
generation holds the graph, the similarity index and the ledger, so that they switch together),
``records/``, the cache of what was read, and ``files/``, copies of the source files.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.api.library import PASSAGES, EmptyWorkspace, Library, UnknownThing
from fiscalgraph.building import BuildReport, Job, Outcome, Plan, Progress, make_plan, read_planned, refused
from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ledger import BuiltDocument, Ledger
from fiscalgraph.reading import RecordCache, mapping_fingerprint
from fiscalgraph.settings import Settings

if TYPE_CHECKING:
    from fiscalgraph.api.library import Thing
    from fiscalgraph.extract.records import DisclosureRecords
    from fiscalgraph.graph.generation import Build
    from fiscalgraph.graph.sparql import QueryResult
    from fiscalgraph.graph.sums_request import SumAnswer, SumRefused
    from fiscalgraph.search import Answer, DepartmentHits, Filters

__all__ = ["EmptyPath", "Workspace", "build", "open"]

_LEDGER = "documents.json"


def open(home: str | os.PathLike[str] | None = None) -> Workspace:
    """The workspace in ``home`` (default: ``FISCALGRAPH_HOME``, else ``./fiscalgraph-home``)."""
    return Workspace(Settings.from_environment(home=Path(home) if home is not None else None))


def build(
    paths: Iterable[str | os.PathLike[str]],
    home: str | os.PathLike[str] | None = None,
    *,
    recognise: bool = False,
) -> BuildReport:
    """Read documents (files or folders) into the workspace in ``home``; see :meth:`Workspace.build`."""
    return open(home).build(paths, recognise=recognise)


class EmptyPath(FiscalgraphError):
    """A path without a name: a variable that was not set would stand for the current folder."""


def _named_path(path: str | os.PathLike[str]) -> Path:
    if not os.fspath(path):
        raise EmptyPath("PATH", "it is empty", "Name a file or folder (. is the current one)")
    return Path(path)


class Workspace:
    """One workspace. Questions are answered from the generation served when the first of them is asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.home
        self._generations = GenerationStore(settings.home)
        self._cache = RecordCache(settings.home / "records")

    # -- questions --------------------------------------------------------------------------

    def library(self) -> Library:
        """The served generation. Raises ``EmptyWorkspace`` when nothing was built."""
        return self._library

    @cached_property
    def _library(self) -> Library:
        return Library(self.home, self.settings.encoder)

    def query(self, query: str, **parameters: str) -> QueryResult:
        """The answer of a named query (with ``parameters``), or of a file with SPARQL.

        Raises ``QueryNotFound`` when ``query`` is neither, and what :class:`Library` raises.
        """
        from fiscalgraph.queries import list_queries

        if query not in list_queries() and Path(query).is_file():
            return self.sparql(_text_of(Path(query)), **parameters)
        return self.library().named(query, parameters)

    def sparql(self, text: str, **parameters: str) -> QueryResult:
        """The answer of a SPARQL query. Raises ``WrongParameter`` for parameters, which it cannot have."""
        if parameters:
            from fiscalgraph.queries import WrongParameter

            raise WrongParameter(
                "the query", "only named queries take parameters", "Write them into the query"
            )
        return self.library().sparql(text)

    def sum(
        self,
        measure: str = "expenditure",
        *,
        by: Sequence[str] = (),
        where: Mapping[str, str | int | Sequence[str | int]] | None = None,
        addends: bool = False,
    ) -> SumAnswer | SumRefused:
        """Add up expenditure, revenue or the “three publics” (三公) so that every 元 counts once.

        ``by`` and ``where`` name dimensions in English or Chinese, values are labels, codes or IRIs::

            workspace.sum(by=["class"], where={"year": 2024, "phase": "决算", "scope": "财政拨款"})

        What would count money twice, or mix years, phases or scopes, is a ``SumRefused`` with the reasons
        and a request that is answered. ``addends`` lists the figures that were added. Raises ``WrongSum``.
        """
        from fiscalgraph.graph.sums_request import sum_request

        return self.library().sum(sum_request(measure, by, where, addends=addends))

    def search(self, text: str, k: int = 10, *, offset: int = 0, **filters: Any) -> Answer:
        """The ``k`` statements that mean most nearly the same as ``text``, behind the first ``offset``.

        ``filters`` are those of :class:`~fiscalgraph.search.filters.Filters`: ``kinds=["problem_cause"]``,
        ``region="…省"``, ``year_from=2022``, ``min_score_lost=Decimal(2)`` …; see
        :meth:`fiscalgraph.search.index.PassageIndex.search` for what is raised.
        """
        return self.library().search(text, k, _filters(filters), offset=offset)

    def similar(
        self,
        passage: str,
        k: int = 10,
        *,
        offset: int = 0,
        other_departments_only: bool = True,
        **filters: Any,
    ) -> Answer:
        """The ``k`` statements nearest to the passage of that IRI; ``filters`` as for :meth:`search`."""
        return self.library().similar(
            passage, k, _filters(filters), offset=offset, other_departments_only=other_departments_only
        )

    def search_departments(
        self, text: str, k: int = 10, *, offset: int = 0, **filters: Any
    ) -> list[DepartmentHits]:
        """The ``k`` departments with the best hits for ``text``, each with its best hit and their number."""
        return self.library().search_departments(text, k, _filters(filters), offset=offset)

    def thing(self, iri: str, language: str = "zh") -> Thing:
        """A thing with its facts and sources; names in ``language`` (zh or en) where there are several."""
        return self.library().thing(iri, language)

    def ledger(self) -> Ledger:
        """Which documents are there, how much of each was read, and what was refused."""
        current = self._generations.current
        return Ledger() if current is None else Ledger.read(current / _LEDGER)

    def document_names(self, given: Sequence[str]) -> list[str]:
        """The names of documents given by name, file name or path.

        Raises ``EmptyWorkspace`` when nothing was built, ``UnknownThing`` when one of them is not there.
        """
        ledger = self.ledger()
        if not ledger.documents:
            raise EmptyWorkspace(
                str(self.home), "nothing has been built there", "Run: fiscalgraph build PATH…"
            )
        names, unknown = ledger.names(given)
        if unknown:
            raise _unknown(unknown)
        return names

    def records(self, document: str) -> DisclosureRecords:
        """Everything read from one document, by its name, file name or path.

        Raises ``UnknownThing`` when the workspace has no such document, or its records are gone.
        """
        (name,) = self.document_names([document])
        entry = self.ledger().documents[name]
        records = self._cache.get(entry.sha256, entry.reader)
        if records is None:
            raise UnknownThing(
                entry.document, "what was read of it is no longer cached", f"Build {entry.path} again"
            )
        return _named(records, entry.document)

    # -- changes ----------------------------------------------------------------------------

    def build(
        self,
        paths: Iterable[str | os.PathLike[str]],
        progress: Progress | None = None,
        *,
        recognise: bool = False,
    ) -> BuildReport:
        """Read files and folders into a new generation and serve it.

        Unchanged documents are skipped and changed ones replaced. A document that cannot be used is
        refused and does not harm the others; it is in the report and the ledger. ``recognise`` has
        pages that are pictures (scans) read by optical recognition, which takes seconds a page.
        Raises :class:`EmptyPath`, ``WorkspaceInUse`` while another build runs there, and
        ``RecognitionUnavailable`` when recognition is asked for and Tesseract is not installed.
        """
        wanted = [_named_path(path) for path in paths]
        if recognise:
            from fiscalgraph.extract.readers.recognition_tesseract import find_tesseract

            find_tesseract()
        with self._generations.begin() as generation:
            ledger = self.ledger()
            plan = make_plan(wanted, ledger, recognise=recognise)
            ledger.documents.update(plan.moved)
            done = 0

            def tell(outcome: Outcome) -> None:
                nonlocal done
                done += 1
                plan.outcomes[outcome.path] = outcome
                if progress is not None:
                    progress(done, len(plan.files), outcome)

            for outcome in list(plan.outcomes.values()):
                tell(outcome)
            changed = False
            for job, result in read_planned(plan.jobs, self._cache, self.settings.workers):
                known = ledger.documents.get(job.name)
                if isinstance(result, FiscalgraphError):
                    tell(refused(job.path, result, known))
                    continue
                entry = _put(generation, result, job)
                ledger.documents[job.name] = entry
                changed = True
                tell(Outcome(job.path, "replaced" if known else "built", job.name, entry))
            _note_refusals(ledger, plan)
            self._finish(generation, ledger, changed)
        return BuildReport(
            tuple(plan.outcomes[path] for path in plan.files), plan.passed_over, len(ledger.documents)
        )

    def remove(self, documents: Sequence[str]) -> list[str]:
        """Take documents (names, file names or paths) out; the names of those taken out.

        Raises ``UnknownThing``, and removes none, when one of them is not there.
        """
        from fiscalgraph.graph.identifiers import document_iri

        with self._generations.begin() as generation:
            ledger = self.ledger()
            names, unknown = ledger.names(documents)
            if unknown:
                raise _unknown(unknown)
            for name in names:
                generation.remove_document(document_iri(name))
                ledger.documents.pop(name, None)
            self._finish(generation, ledger, changed=True)
        return names

    def _finish(self, generation: Build, ledger: Ledger, changed: bool) -> None:
        """Publish what has changed; refusals and moves alone are noted in the served generation."""
        served = self._generations.current
        if not changed and not self._needs_index(served):
            if served is not None:
                ledger.write(served / _LEDGER)
                self._keep_files(ledger)
            return
        self._index(generation, served)
        ledger.write(generation.directory / _LEDGER)
        self._keep_files(ledger)
        generation.publish()
        self._cache.keep_only({(entry.sha256, entry.reader) for entry in ledger.documents.values()})
        self.__dict__.pop("_library", None)  # questions after a build are answered from it

    def _keep_files(self, ledger: Ledger) -> None:
        """Keep the source files of ``ledger``, and of older generations that are still there."""
        from fiscalgraph.api.source_files import SourceFiles

        files = SourceFiles(self.home)
        files.keep(
            {entry.sha256: Path(entry.path) for entry in ledger.documents.values()},
            copies=self.settings.keep_files,
        )
        older = (Ledger.read(path) for path in self.home.glob(f"generations/*/{_LEDGER}"))
        files.keep_only(entry.sha256 for each in (ledger, *older) for entry in each.documents.values())

    def _needs_index(self, served: Path | None) -> bool:
        """Whether the vectors of a generation are another model's, or its index is of another version."""
        from fiscalgraph.search.encoder import load_encoder
        from fiscalgraph.search.errors import IndexUnusable
        from fiscalgraph.search.index import PassageIndex

        if served is None:
            return False
        try:
            PassageIndex.open(served / PASSAGES, load_encoder(self.settings.encoder))
        except IndexUnusable:
            return True
        return False

    def _index(self, generation: Build, served: Path | None) -> None:
        from fiscalgraph.api.catalogue import write_catalogue
        from fiscalgraph.graph.checks.documents import check_documents
        from fiscalgraph.graph.explanations import explanation_quads, explanations
        from fiscalgraph.graph.identity import identity_links, identity_quads
        from fiscalgraph.graph.linking import link_quads
        from fiscalgraph.graph.mapping_checks import comparison_quads
        from fiscalgraph.graph.outcomes import outcome_quads, outcomes
        from fiscalgraph.graph.pairing import pairing_quads, pairings
        from fiscalgraph.search.encoder import load_encoder
        from fiscalgraph.search.index import PassageIndex
        from fiscalgraph.search.issues.compared import compared_sides
        from fiscalgraph.search.issues.keeping import issues_by_passage, kept_issues
        from fiscalgraph.search.issues.stating import issue_statements
        from fiscalgraph.search.links import neighbour_links
        from fiscalgraph.search.passages import passages

        reader = generation.seal()
        found = passages(reader.store)
        identities = identity_links(reader.store)
        derived = [
            *identity_quads(reader.store, identities),
            *pairing_quads(pairings(reader.store)),
            *explanation_quads(explanations(reader.store)),
            *outcome_quads(outcomes(reader.store, identities)),
        ]
        comparisons = list(comparison_quads(check_documents(reader.store, identities)))
        del reader  # the store is written again below
        encoder = load_encoder(self.settings.encoder)
        index = PassageIndex.build(
            generation.directory / PASSAGES,
            found,
            encoder,
            previous=served / PASSAGES if served is not None else None,
        )
        groups = index.groups()
        compared = compared_sides(index, groups)
        issues, types = kept_issues(index, groups, encoder, generation.directory, served, compared)
        links = neighbour_links(index, compared=compared, before=served, after=generation.directory)
        near = ((link.left.id, link.right.id, link.score) for link in links)
        generation.put_links(chain(derived, link_quads(near, issues_by_passage(issues))))
        generation.put_comparisons(comparisons)
        reader = generation.seal()
        across = list(issue_statements(reader.store, groups, issues, types, links))
        del reader
        generation.put_issues(across)
        write_catalogue(generation.seal().store, generation.directory)


def _put(generation: Build, records: DisclosureRecords, job: Job) -> BuiltDocument:
    from fiscalgraph.graph.checks import Verdict, check_records
    from fiscalgraph.graph.identifiers import document_iri
    from fiscalgraph.graph.mapping import document_quads

    results = check_records(records)
    document = document_iri(records.identity.document)
    generation.replace_document(document, document_quads(records, results))
    return BuiltDocument.of(
        records,
        job.path.absolute(),
        reader=job.reader,
        mapping=mapping_fingerprint(),
        # What rounding explains is no contradiction: the same count as in the audit sheet.
        contradictions=sum(result.verdict is Verdict.CONTRADICTS for result in results),
    )


def _filters(wanted: dict[str, Any]) -> Filters:
    from fiscalgraph.search import Filters

    return Filters(**wanted)


def _named(records: DisclosureRecords, name: str) -> DisclosureRecords:
    return dataclasses.replace(records, identity=dataclasses.replace(records.identity, document=name))


def _note_refusals(ledger: Ledger, plan: Plan) -> None:
    """Remember what was refused, and forget refusals of files that are fine now."""
    for path, outcome in plan.outcomes.items():
        ledger.refusals.pop(str(path.absolute()), None)
        if outcome.refusal is not None:
            ledger.refusals[outcome.refusal.path] = outcome.refusal


def _unknown(documents: Sequence[str]) -> UnknownThing:
    return UnknownThing(
        ", ".join(documents), "the workspace has no such document", "See `fiscalgraph status` for the names"
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FiscalgraphError(
            str(path), f"the query cannot be read ({error})", "Save it as UTF-8"
        ) from error
