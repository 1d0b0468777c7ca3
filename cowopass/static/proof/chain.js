// Successive months of a network, as in clearing/chain.py: each names the root of the one before.

/**
 * Return where months whose heads these are do not follow from each other: `{ code, where, before }`.
 *
 * `where` is the month, `before` the one it should follow from, or the one that is missing.
 */
export function verifyChain(heads) {
  const networks = groupBy(distinct(heads), "net");
  return [...networks.keys()].sort().flatMap((net) => verifyNetwork(networks.get(net)));
}

function verifyNetwork(heads) {
  const months = groupBy(heads, "period");
  const order = [...months.keys()].sort();
  const findings = order
    .filter((month) => months.get(month).length > 1)
    .map((month) => ({ code: "month_rewritten", where: month }));
  for (const [place, month] of order.entries()) {
    const earlier = order[place - 1];
    if (earlier === undefined) continue;
    const next = nextMonth(earlier);
    if (month > next) {
      findings.push({ code: "chain_gap", where: month, before: next });
      continue;
    }
    const roots = new Set(months.get(earlier).map((head) => head.root));
    for (const head of months.get(month)) {
      if (roots.has(head.previous_root)) continue;
      findings.push({ code: "chain_broken", where: month, before: earlier });
    }
  }
  return findings;
}

/** Return heads without those that say the same as another. */
function distinct(heads) {
  const said = (value) =>
    Array.isArray(value) || Object(value) !== value
      ? value
      : Object.fromEntries(Object.keys(value).sort().map((name) => [name, said(value[name])]));
  return [...new Map(heads.map((head) => [JSON.stringify(said(head)), head])).values()];
}

function groupBy(heads, name) {
  const groups = new Map();
  for (const head of heads) groups.set(head[name], [...(groups.get(head[name]) ?? []), head]);
  return groups;
}

function nextMonth(month) {
  const [year, number] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}
