// Results of one product stand together under its name, in the order of each product's best result: the first result is always the same.

const KEPT = 3;
const WITHIN = 6;

/** Return the groups [product, results], or null where the list says more as it is:
    no product has two results, there is only one, or one of the first three results would go below the sixth place. */
export function grouped(results) {
  const groups = new Map();
  for (const result of results) {
    if (!groups.has(result.product)) groups.set(result.product, []);
    groups.get(result.product).push(result);
  }
  if (groups.size < 2 || groups.size === results.length) return null;
  const order = [...groups.values()].flat();
  if (results.slice(0, KEPT).some((result) => order.indexOf(result) >= WITHIN)) return null;
  return [...groups];
}
