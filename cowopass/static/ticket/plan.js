// Which units a visit takes from a pass, as in wallet/plan.py.

export const UNITS = ["hour", "half_day", "day"];

/** Return how many units of a plan a visit takes; null when the plan does not cover it. */
export function unitsNeeded(planUnit, visitUnit) {
  if (UNITS.indexOf(visitUnit) <= UNITS.indexOf(planUnit)) return 1;
  return planUnit === "half_day" && visitUnit === "day" ? 2 : null;
}
