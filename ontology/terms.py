"""The vocabulary as typed constants: one class per namespace, one constant per term in use.

Own terms (:class:`FG`) are declared in the Turtle files beside this module; the test
``test_ontology`` keeps the two in step. Everything else is a published vocabulary:
Data Cube (``QB``), OpenBudgets (``OBEU``), ORG, SKOS, DCTERMS, PROV-O, FOAF, Web Annotation
(``OA``), ELI, DCAT, VoID and DQV.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.prefixes import PREFIXES

__all__ = [
    "CNY",
    "CODES",
    "DCAT",
    "DCTERMS",
    "DQV",
    "ELI",
    "FG",
    "FOAF",
    "OA",
    "OBEU",
    "ONTOLOGY_GRAPH",
    "ORG",
    "PREFIXES",
    "PROV",
    "QB",
    "RDF",
    "RDFS",
    "SKOS",
    "VOID",
    "XSD",
    "year_iri",
]

_FG = PREFIXES["fg"]
_QB = PREFIXES["qb"]
_OBEU_DIMENSION = PREFIXES["obeu-dimension"]
_OBEU_MEASURE = PREFIXES["obeu-measure"]
_OBEU_ATTRIBUTE = PREFIXES["obeu-attribute"]
_OBEU_PHASE = PREFIXES["obeu-budgetphase"]
_OBEU_OPERATION = PREFIXES["obeu-operation"]
_ORG = PREFIXES["org"]
_SKOS = PREFIXES["skos"]
_DCTERMS = PREFIXES["dcterms"]
_PROV = PREFIXES["prov"]
_FOAF = PREFIXES["foaf"]
_OA = PREFIXES["oa"]
_ELI = PREFIXES["eli"]
_DCAT = PREFIXES["dcat"]
_DQV = PREFIXES["dqv"]
_VOID = PREFIXES["void"]
_RDF = PREFIXES["rdf"]
_RDFS = PREFIXES["rdfs"]
_XSD = PREFIXES["xsd"]
_YEAR = PREFIXES["year"]

ONTOLOGY_GRAPH: Final = NamedNode("https://w3id.org/fiscalgraph/ontology")
"""The named graph (and the ontology's IRI) that holds the vocabulary inside a store."""

CNY: Final = NamedNode("http://publications.europa.eu/resource/authority/currency/CNY")


class RDF:
    """RDF core."""

    type = NamedNode(_RDF + "type")


class RDFS:
    """RDF Schema."""

    label = NamedNode(_RDFS + "label")


class XSD:
    """Datatypes."""

    boolean = NamedNode(_XSD + "boolean")
    decimal = NamedNode(_XSD + "decimal")
    gYear = NamedNode(_XSD + "gYear")
    gYearMonth = NamedNode(_XSD + "gYearMonth")
    gMonthDay = NamedNode(_XSD + "gMonthDay")
    gMonth = NamedNode(_XSD + "gMonth")
    date = NamedNode(_XSD + "date")
    dateTime = NamedNode(_XSD + "dateTime")
    integer = NamedNode(_XSD + "integer")


class QB:
    """RDF Data Cube."""

    DataSet = NamedNode(_QB + "DataSet")
    Observation = NamedNode(_QB + "Observation")
    dataSet = NamedNode(_QB + "dataSet")
    structure = NamedNode(_QB + "structure")


class OBEU:
    """OpenBudgets.eu: components, and the members of its code lists that apply."""

    organization = NamedNode(_OBEU_DIMENSION + "organization")
    fiscalYear = NamedNode(_OBEU_DIMENSION + "fiscalYear")
    project = NamedNode(_OBEU_DIMENSION + "project")
    amount = NamedNode(_OBEU_MEASURE + "amount")
    currency = NamedNode(_OBEU_ATTRIBUTE + "currency")
    Approved = NamedNode(_OBEU_PHASE + "approved")
    Revised = NamedNode(_OBEU_PHASE + "revised")
    Executed = NamedNode(_OBEU_PHASE + "executed")
    Revenue = NamedNode(_OBEU_OPERATION + "revenue")
    Expenditure = NamedNode(_OBEU_OPERATION + "expenditure")


class ORG:
    """W3C Organization Ontology."""

    ChangeEvent = NamedNode(_ORG + "ChangeEvent")
    FormalOrganization = NamedNode(_ORG + "FormalOrganization")
    OrganizationalUnit = NamedNode(_ORG + "OrganizationalUnit")
    originalOrganization = NamedNode(_ORG + "originalOrganization")
    resultingOrganization = NamedNode(_ORG + "resultingOrganization")
    subOrganizationOf = NamedNode(_ORG + "subOrganizationOf")
    unitOf = NamedNode(_ORG + "unitOf")


class SKOS:
    """SKOS."""

    Concept = NamedNode(_SKOS + "Concept")
    ConceptScheme = NamedNode(_SKOS + "ConceptScheme")
    altLabel = NamedNode(_SKOS + "altLabel")
    broader = NamedNode(_SKOS + "broader")
    definition = NamedNode(_SKOS + "definition")
    hiddenLabel = NamedNode(_SKOS + "hiddenLabel")
    inScheme = NamedNode(_SKOS + "inScheme")
    notation = NamedNode(_SKOS + "notation")
    prefLabel = NamedNode(_SKOS + "prefLabel")


class DCTERMS:
    """Dublin Core terms."""

    created = NamedNode(_DCTERMS + "created")
    date = NamedNode(_DCTERMS + "date")
    description = NamedNode(_DCTERMS + "description")
    format = NamedNode(_DCTERMS + "format")
    hasPart = NamedNode(_DCTERMS + "hasPart")
    identifier = NamedNode(_DCTERMS + "identifier")
    isPartOf = NamedNode(_DCTERMS + "isPartOf")
    isVersionOf = NamedNode(_DCTERMS + "isVersionOf")
    license = NamedNode(_DCTERMS + "license")
    publisher = NamedNode(_DCTERMS + "publisher")
    rights = NamedNode(_DCTERMS + "rights")
    source = NamedNode(_DCTERMS + "source")
    temporal = NamedNode(_DCTERMS + "temporal")
    title = NamedNode(_DCTERMS + "title")


class PROV:
    """PROV-O."""

    Activity = NamedNode(_PROV + "Activity")
    endedAtTime = NamedNode(_PROV + "endedAtTime")
    wasDerivedFrom = NamedNode(_PROV + "wasDerivedFrom")
    wasGeneratedBy = NamedNode(_PROV + "wasGeneratedBy")


class DCAT:
    """Data Catalog Vocabulary."""

    Dataset = NamedNode(_DCAT + "Dataset")


class DQV:
    """Data Quality Vocabulary."""

    QualityMeasurement = NamedNode(_DQV + "QualityMeasurement")
    computedOn = NamedNode(_DQV + "computedOn")
    inDimension = NamedNode(_DQV + "inDimension")
    isMeasurementOf = NamedNode(_DQV + "isMeasurementOf")
    value = NamedNode(_DQV + "value")


class VOID:
    """Vocabulary of Interlinked Datasets: what a data set holds, in counts."""

    Dataset = NamedNode(_VOID + "Dataset")
    class_ = NamedNode(_VOID + "class")
    classPartition = NamedNode(_VOID + "classPartition")
    classes = NamedNode(_VOID + "classes")
    documents = NamedNode(_VOID + "documents")
    entities = NamedNode(_VOID + "entities")
    properties = NamedNode(_VOID + "properties")
    property = NamedNode(_VOID + "property")
    propertyPartition = NamedNode(_VOID + "propertyPartition")
    subset = NamedNode(_VOID + "subset")
    triples = NamedNode(_VOID + "triples")
    uriSpace = NamedNode(_VOID + "uriSpace")
    vocabulary = NamedNode(_VOID + "vocabulary")


class FOAF:
    """FOAF."""

    Project = NamedNode(_FOAF + "Project")


class OA:
    """Web Annotation."""

    hasSource = NamedNode(_OA + "hasSource")


class ELI:
    """European Legislation Identifier."""

    LegalResource = NamedNode(_ELI + "LegalResource")
    id_local = NamedNode(_ELI + "id_local")
    version_date = NamedNode(_ELI + "version_date")


class FG:
    """Own terms; each is declared, labelled and explained in a Turtle file of this folder."""

    # classes
    Check = NamedNode(_FG + "Check")
    CheckResult = NamedNode(_FG + "CheckResult")
    ClassifiedTable = NamedNode(_FG + "ClassifiedTable")
    Coverage = NamedNode(_FG + "Coverage")
    Disclosure = NamedNode(_FG + "Disclosure")
    FundLine = NamedNode(_FG + "FundLine")
    Law = NamedNode(_FG + "Law")
    LawCitation = NamedNode(_FG + "LawCitation")
    Leftover = NamedNode(_FG + "Leftover")
    PassageLink = NamedNode(_FG + "PassageLink")
    NarrativeStatement = NamedNode(_FG + "NarrativeStatement")
    Passage = NamedNode(_FG + "Passage")
    PerformanceIndicator = NamedNode(_FG + "PerformanceIndicator")
    PrintedFigure = NamedNode(_FG + "PrintedFigure")
    Project = NamedNode(_FG + "Project")
    ReadingMeasurement = NamedNode(_FG + "ReadingMeasurement")
    ProjectEntry = NamedNode(_FG + "ProjectEntry")
    Publication = NamedNode(_FG + "Publication")
    ScoringRule = NamedNode(_FG + "ScoringRule")
    Source = NamedNode(_FG + "Source")
    TotalsTable = NamedNode(_FG + "TotalsTable")
    UnitMention = NamedNode(_FG + "UnitMention")
    # what the rules of checks state
    scores = NamedNode(_FG + "scores")
    numerator = NamedNode(_FG + "numerator")
    denominator = NamedNode(_FG + "denominator")
    comparedField = NamedNode(_FG + "comparedField")
    expectedSum = NamedNode(_FG + "expectedSum")
    threshold = NamedNode(_FG + "threshold")
    leastCount = NamedNode(_FG + "leastCount")
    wording = NamedNode(_FG + "wording")
    reachedWording = NamedNode(_FG + "reachedWording")
    partlyWording = NamedNode(_FG + "partlyWording")
    unmetWording = NamedNode(_FG + "unmetWording")
    # the disclosure
    amountUnit = NamedNode(_FG + "amountUnit")
    disclosureKind = NamedNode(_FG + "disclosureKind")
    disclosureStructure = NamedNode(_FG + "disclosureStructure")
    fileName = NamedNode(_FG + "fileName")
    issuerName = NamedNode(_FG + "issuerName")
    pages = NamedNode(_FG + "pages")
    sha256 = NamedNode(_FG + "sha256")
    year = NamedNode(_FG + "year")
    # amounts
    budgetPhase = NamedNode(_FG + "budgetPhase")
    column = NamedNode(_FG + "column")
    departmentEconomicClassification = NamedNode(_FG + "departmentEconomicClassification")
    expenditureType = NamedNode(_FG + "expenditureType")
    functionalClassification = NamedNode(_FG + "functionalClassification")
    fundScope = NamedNode(_FG + "fundScope")
    fundingSource = NamedNode(_FG + "fundingSource")
    governmentEconomicClassification = NamedNode(_FG + "governmentEconomicClassification")
    grandTotal = NamedNode(_FG + "grandTotal")
    inferredBy = NamedNode(_FG + "inferredBy")
    item = NamedNode(_FG + "item")
    itemClass = NamedNode(_FG + "itemClass")
    itemName = NamedNode(_FG + "itemName")
    itemSubclass = NamedNode(_FG + "itemSubclass")
    nonAdditiveAmount = NamedNode(_FG + "nonAdditiveAmount")
    operationCharacter = NamedNode(_FG + "operationCharacter")
    otherClassification = NamedNode(_FG + "otherClassification")
    percentOfBudget = NamedNode(_FG + "percentOfBudget")
    position = NamedNode(_FG + "position")
    printed = NamedNode(_FG + "printed")
    printedCode = NamedNode(_FG + "printedCode")
    purpose = NamedNode(_FG + "purpose")
    side = NamedNode(_FG + "side")
    statedAmount = NamedNode(_FG + "statedAmount")
    tableIndex = NamedNode(_FG + "tableIndex")
    threePublicsItem = NamedNode(_FG + "threePublicsItem")
    unit = NamedNode(_FG + "unit")
    # classification code lists
    Correspondence = NamedNode(_FG + "Correspondence")
    DatedName = NamedNode(_FG + "DatedName")
    attestedBy = NamedNode(_FG + "attestedBy")
    confidence = NamedNode(_FG + "confidence")
    datedName = NamedNode(_FG + "datedName")
    departmentEconomicCode = NamedNode(_FG + "departmentEconomicCode")
    governmentEconomicCode = NamedNode(_FG + "governmentEconomicCode")
    impliedOnly = NamedNode(_FG + "impliedOnly")
    observedOnly = NamedNode(_FG + "observedOnly")
    # organisations
    HeadOffice = NamedNode(_FG + "HeadOffice")
    NameVariant = NamedNode(_FG + "NameVariant")
    RenamePattern = NamedNode(_FG + "RenamePattern")
    abolished = NamedNode(_FG + "abolished")
    formerName = NamedNode(_FG + "formerName")
    governmentLevel = NamedNode(_FG + "governmentLevel")
    implementingUnit = NamedNode(_FG + "implementingUnit")
    laterName = NamedNode(_FG + "laterName")
    region = NamedNode(_FG + "region")
    reportingUnit = NamedNode(_FG + "reportingUnit")
    variantName = NamedNode(_FG + "variantName")
    variantOf = NamedNode(_FG + "variantOf")
    mentionedOrganization = NamedNode(_FG + "mentionedOrganization")
    unitName = NamedNode(_FG + "unitName")
    unitRelation = NamedNode(_FG + "unitRelation")
    # projects and performance
    actual = NamedNode(_FG + "actual")
    budgetFull = NamedNode(_FG + "budgetFull")
    budgetFullAmount = NamedNode(_FG + "budgetFullAmount")
    budgetInitial = NamedNode(_FG + "budgetInitial")
    budgetInitialAmount = NamedNode(_FG + "budgetInitialAmount")
    departmentName = NamedNode(_FG + "departmentName")
    entry = NamedNode(_FG + "entry")
    executed = NamedNode(_FG + "executed")
    executedAmount = NamedNode(_FG + "executedAmount")
    executionRate = NamedNode(_FG + "executionRate")
    implementingUnitName = NamedNode(_FG + "implementingUnitName")
    level1 = NamedNode(_FG + "level1")
    level2 = NamedNode(_FG + "level2")
    level3 = NamedNode(_FG + "level3")
    narrativeBudget = NamedNode(_FG + "narrativeBudget")
    narrativeExecuted = NamedNode(_FG + "narrativeExecuted")
    narrativeRate = NamedNode(_FG + "narrativeRate")
    narrativeScore = NamedNode(_FG + "narrativeScore")
    occurrence = NamedNode(_FG + "occurrence")
    ordinal = NamedNode(_FG + "ordinal")
    passageKind = NamedNode(_FG + "passageKind")
    presentedIn = NamedNode(_FG + "presentedIn")
    printedFundSource = NamedNode(_FG + "printedFundSource")
    projectName = NamedNode(_FG + "projectName")
    projectScope = NamedNode(_FG + "projectScope")
    reason = NamedNode(_FG + "reason")
    reasonPassage = NamedNode(_FG + "reasonPassage")
    responsibleDepartment = NamedNode(_FG + "responsibleDepartment")
    score = NamedNode(_FG + "score")
    target = NamedNode(_FG + "target")
    text = NamedNode(_FG + "text")
    weight = NamedNode(_FG + "weight")
    # indicators' values
    achievementRatio = NamedNode(_FG + "achievementRatio")
    actualComparator = NamedNode(_FG + "actualComparator")
    actualContext = NamedNode(_FG + "actualContext")
    actualDate = NamedNode(_FG + "actualDate")
    actualKind = NamedNode(_FG + "actualKind")
    actualNumber = NamedNode(_FG + "actualNumber")
    actualUnit = NamedNode(_FG + "actualUnit")
    actualUpperNumber = NamedNode(_FG + "actualUpperNumber")
    scoreNumber = NamedNode(_FG + "scoreNumber")
    targetComparator = NamedNode(_FG + "targetComparator")
    targetContext = NamedNode(_FG + "targetContext")
    targetDate = NamedNode(_FG + "targetDate")
    targetKind = NamedNode(_FG + "targetKind")
    targetNumber = NamedNode(_FG + "targetNumber")
    targetUnit = NamedNode(_FG + "targetUnit")
    targetUpperNumber = NamedNode(_FG + "targetUpperNumber")
    weightNumber = NamedNode(_FG + "weightNumber")
    # claims
    Claim = NamedNode(_FG + "Claim")
    claimKind = NamedNode(_FG + "claimKind")
    operands = NamedNode(_FG + "operands")
    subject = NamedNode(_FG + "subject")
    # laws
    citedArticle = NamedNode(_FG + "citedArticle")
    citationKind = NamedNode(_FG + "citationKind")
    documentNumber = NamedNode(_FG + "documentNumber")
    law = NamedNode(_FG + "law")
    mentions = NamedNode(_FG + "mentions")
    # provenance, checks, coverage
    box = NamedNode(_FG + "box")
    computed = NamedNode(_FG + "computed")
    checkScope = NamedNode(_FG + "checkScope")
    contestedBy = NamedNode(_FG + "contestedBy")
    contradictionKind = NamedNode(_FG + "contradictionKind")
    counterpartSource = NamedNode(_FG + "counterpartSource")
    detail = NamedNode(_FG + "detail")
    left = NamedNode(_FG + "left")
    line = NamedNode(_FG + "line")
    page = NamedNode(_FG + "page")
    part = NamedNode(_FG + "part")
    quote = NamedNode(_FG + "quote")
    recognised = NamedNode(_FG + "recognised")
    right = NamedNode(_FG + "right")
    cells = NamedNode(_FG + "cells")
    cellsRead = NamedNode(_FG + "cellsRead")
    cellsReadShare = NamedNode(_FG + "cellsReadShare")
    pagesRead = NamedNode(_FG + "pagesRead")
    pagesReadShare = NamedNode(_FG + "pagesReadShare")
    pagesRecognised = NamedNode(_FG + "pagesRecognised")
    paragraphs = NamedNode(_FG + "paragraphs")
    paragraphsRead = NamedNode(_FG + "paragraphsRead")
    paragraphsReadShare = NamedNode(_FG + "paragraphsReadShare")
    problem = NamedNode(_FG + "problem")
    tables = NamedNode(_FG + "tables")
    tablesRead = NamedNode(_FG + "tablesRead")
    tablesReadShare = NamedNode(_FG + "tablesReadShare")
    what = NamedNode(_FG + "what")
    why = NamedNode(_FG + "why")
    tolerance = NamedNode(_FG + "tolerance")
    verdict = NamedNode(_FG + "verdict")

    # accounting identities
    EqualityIdentity = NamedNode(_FG + "EqualityIdentity")
    FigurePlace = NamedNode(_FG + "FigurePlace")
    RatioIdentity = NamedNode(_FG + "RatioIdentity")
    SumIdentity = NamedNode(_FG + "SumIdentity")
    addedPlace = NamedNode(_FG + "addedPlace")
    addend = NamedNode(_FG + "addend")
    along = NamedNode(_FG + "along")
    aside = NamedNode(_FG + "aside")
    barredBy = NamedNode(_FG + "barredBy")
    comparedPlace = NamedNode(_FG + "comparedPlace")
    denominatorColumn = NamedNode(_FG + "denominatorColumn")
    inColumn = NamedNode(_FG + "inColumn")
    inDisclosure = NamedNode(_FG + "inDisclosure")
    inRow = NamedNode(_FG + "inRow")
    inTable = NamedNode(_FG + "inTable")
    keyedBy = NamedNode(_FG + "keyedBy")
    mayNest = NamedNode(_FG + "mayNest")
    notInColumn = NamedNode(_FG + "notInColumn")
    notInTable = NamedNode(_FG + "notInTable")
    numeratorColumn = NamedNode(_FG + "numeratorColumn")
    onDifference = NamedNode(_FG + "onDifference")
    onSide = NamedNode(_FG + "onSide")
    referencePlace = NamedNode(_FG + "referencePlace")
    rateColumn = NamedNode(_FG + "rateColumn")
    startsAt = NamedNode(_FG + "startsAt")
    subtrahend = NamedNode(_FG + "subtrahend")
    whole = NamedNode(_FG + "whole")

    # checks between documents
    Consistency = NamedNode(_FG + "Consistency")
    DocumentFigures = NamedNode(_FG + "DocumentFigures")
    DocumentIdentity = NamedNode(_FG + "DocumentIdentity")
    atMost = NamedNode(_FG + "atMost")
    bodies = NamedNode(_FG + "bodies")
    comparedScope = NamedNode(_FG + "comparedScope")
    comparesDocument = NamedNode(_FG + "comparesDocument")
    disclosedBy = NamedNode(_FG + "disclosedBy")
    figurePhase = NamedNode(_FG + "figurePhase")
    leftFigures = NamedNode(_FG + "leftFigures")
    leftOperand = NamedNode(_FG + "leftOperand")
    rightFigures = NamedNode(_FG + "rightFigures")
    sameDisclosure = NamedNode(_FG + "sameDisclosure")
    yearShift = NamedNode(_FG + "yearShift")
    yearsBack = NamedNode(_FG + "yearsBack")

    # links: things that are one, passages that say nearly the same
    IdentityLink = NamedNode(_FG + "IdentityLink")
    identicalTo = NamedNode(_FG + "identicalTo")
    linkConfidence = NamedNode(_FG + "linkConfidence")
    linkRule = NamedNode(_FG + "linkRule")
    linkStatus = NamedNode(_FG + "linkStatus")
    linksFrom = NamedNode(_FG + "linksFrom")
    linksTo = NamedNode(_FG + "linksTo")
    similarity = NamedNode(_FG + "similarity")

    # members of own code lists
    AffiliateRemittance = NamedNode(_FG + "AffiliateRemittance")
    AllFunds = NamedNode(_FG + "AllFunds")
    Balance = NamedNode(_FG + "Balance")
    BasicExpenditure = NamedNode(_FG + "BasicExpenditure")
    BusinessExpenditure = NamedNode(_FG + "BusinessExpenditure")
    BusinessIncome = NamedNode(_FG + "BusinessIncome")
    CarryOver = NamedNode(_FG + "CarryOver")
    FiscalAppropriation = NamedNode(_FG + "FiscalAppropriation")
    GeneralPublicBudget = NamedNode(_FG + "GeneralPublicBudget")
    GovernmentFunds = NamedNode(_FG + "GovernmentFunds")
    InstitutionalIncome = NamedNode(_FG + "InstitutionalIncome")
    OfficialReceptions = NamedNode(_FG + "OfficialReceptions")
    OfficialVehicles = NamedNode(_FG + "OfficialVehicles")
    OperatingExpenditure = NamedNode(_FG + "OperatingExpenditure")
    OtherIncome = NamedNode(_FG + "OtherIncome")
    OverseasTravel = NamedNode(_FG + "OverseasTravel")
    PersonnelExpenditure = NamedNode(_FG + "PersonnelExpenditure")
    PriorYearExecution = NamedNode(_FG + "PriorYearExecution")
    ProjectExpenditure = NamedNode(_FG + "ProjectExpenditure")
    RemittanceToSuperior = NamedNode(_FG + "RemittanceToSuperior")
    SpecialAccount = NamedNode(_FG + "SpecialAccount")
    StateCapital = NamedNode(_FG + "StateCapital")
    SubsidyToAffiliates = NamedNode(_FG + "SubsidyToAffiliates")
    SuperiorSubsidy = NamedNode(_FG + "SuperiorSubsidy")
    ThreePublicsTotal = NamedNode(_FG + "ThreePublicsTotal")
    UnitFunds = NamedNode(_FG + "UnitFunds")
    VehicleOperation = NamedNode(_FG + "VehicleOperation")
    VehiclePurchase = NamedNode(_FG + "VehiclePurchase")


def year_iri(year: int) -> NamedNode:
    """The fiscal year as OpenBudgets wants it: a calendar year of reference.data.gov.uk."""
    return NamedNode(f"{_YEAR}{year}")
