// Days as they are lived: local dates (`YYYY-MM-DD`) of an instant in a time zone.

/** Return the local day of an instant, in milliseconds since 1970. */
export function localDay(at, timeZone) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("en-CA", { timeZone, ...parts }).format(at);
}

/** Return the month, `YYYY-MM`, of a local day. */
export function monthOf(day) {
  return day.slice(0, 7);
}

/** Return an instant some months before, at the same time of day in UTC; a day that lacks is the last. */
export function monthsBefore(at, months) {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() - months, date.getUTCDate()];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, last)) + (at % 86_400_000);
}
