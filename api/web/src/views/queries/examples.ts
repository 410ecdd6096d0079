/** Queries to start from. Each runs on every workspace. */
const PREFIXES = `PREFIX fg: <https://w3id.org/fiscalgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX obeu-dimension: <http://data.openbudgets.eu/ontology/dsd/dimension/>
PREFIX obeu-measure: <http://data.openbudgets.eu/ontology/dsd/measure/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
`;

/** Only the prefixes that a query uses. */
function query(body: string): string {
  const used = PREFIXES.split("\n").filter((line) => {
    const prefix = /^PREFIX (\S+):/.exec(line)?.[1];
    return prefix !== undefined && body.includes(`${prefix}:`);
  });
  return `${used.join("\n")}\n${body.trim()}\n`;
}

export const EXAMPLES: readonly { name: string; text: string }[] = [
  {
    name: "documents",
    text: query(`
SELECT ?department ?year ?kind ?document WHERE {
  ?disclosure a fg:Disclosure ;
    dcterms:identifier ?document ;
    fg:issuerName ?department ;
    fg:year ?year ;
    fg:disclosureKind/skos:prefLabel ?kind .
  FILTER(LANG(?kind) = "zh")
}
ORDER BY ?department ?year ?document`),
  },
  {
    name: "similar",
    text: query(`
SELECT ?score ?project ?budget ?executed ?reason ?passage WHERE {
  SERVICE fg:similar { ?passage fg:query "专业人员不足" ; fg:score ?score ; fg:k 10 }
  ?passage fg:entry ?entry ; fg:text ?reason .
  ?entry fg:projectName ?project ; fg:budgetFullAmount ?budget ; fg:executedAmount ?executed ;
    obeu-dimension:organization/fg:governmentLevel fg:ProvincialLevel .
  FILTER(?executed < 0.9 * ?budget)
}
ORDER BY DESC(?score)`),
  },
  {
    name: "missed",
    text: query(`
SELECT ?department ?project ?target ?actual ?ratio ?indicator WHERE {
  ?indicator fg:achievementRatio ?ratio ;
    fg:target ?target ;
    fg:actual ?actual ;
    fg:projectName ?project ;
    dcterms:isPartOf/fg:issuerName ?department .
  FILTER(?ratio < 1)
}
ORDER BY ?ratio
LIMIT 100`),
  },
  {
    name: "contradictions",
    text: query(`
SELECT ?document ?left ?right ?detail ?result WHERE {
  ?result a fg:CheckResult ;
    fg:verdict fg:Contradicts ;
    fg:left ?left ;
    fg:right ?right ;
    fg:detail ?detail ;
    dcterms:isPartOf/dcterms:identifier ?document .
}
ORDER BY ?document
LIMIT 200`),
  },
  {
    name: "years",
    text: query(`
SELECT ?year (COUNT(DISTINCT ?disclosure) AS ?documents) (COUNT(DISTINCT ?issuer) AS ?departments) WHERE {
  ?disclosure a fg:Disclosure ; fg:year ?year ; fg:issuerName ?issuer .
}
GROUP BY ?year
ORDER BY ?year`),
  },
  {
    name: "project",
    text: query(`
DESCRIBE ?entry WHERE {
  ?entry a fg:ProjectEntry ; fg:projectName ?project ; fg:executedAmount ?executed .
}
LIMIT 1`),
  },
];
